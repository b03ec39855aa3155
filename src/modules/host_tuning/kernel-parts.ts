import { type Boot, bootSections, readBoot } from '../../host/boot/loader.ts';
import { nameOf, type Token } from '../../host/boot/tokens.ts';
import { storedLast, sysctlGlobs } from '../../host/sysctl/file.ts';
import { keyPath, sameValue } from '../../host/sysctl/key.ts';
import { tmpfilesGlobs, writtenAtBoot } from '../../host/sysfs/tmpfiles.ts';
import type { Part } from '../../host/tuning/part.ts';
import { accept } from '../../shell/answer.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import { readFiles } from '../../shell/read-files.ts';
import type { Answer } from '../../shell/script.ts';

/** Parameters by which a machine is told where it boots from: they are not for tuning. */
const ofTheBoot = new Set(['BOOT_IMAGE', 'root', 'ro', 'rw', 'initrd', 'quiet', 'splash', 'resume', 'rd.lvm.lv']);

const sysctls = ['vm.swappiness', 'vm.overcommit_memory', 'kernel.task_delayacct', 'kernel.numa_balancing'];

/**
 * Files of sysfs that are written as they are read; of a list of choices the one in brackets
 * counts.
 */
const files = [
  ['transparent huge pages', '/sys/kernel/mm/transparent_hugepage/enabled'],
  ['work for a transparent huge page', '/sys/kernel/mm/transparent_hugepage/defrag'],
  ['merging of equal pages', '/sys/kernel/mm/ksm/run'],
] as const;

/** Sections about the kernel: its command line, and values that it can be told while it runs. */
export const kernelSections: Readonly<Record<string, ShellText>> = {
  ...bootSections,
  sysctl: sh`cd /proc/sys && grep -sH '' ${sysctls.map(keyPath)}`,
  stored: sh`grep -sHF ${sysctls.flatMap(key => ['-e', key.replace(/^.*\./, '')])} ${sysctlGlobs}`,
  sysfs: sh`grep -sH '' ${files.map(([, path]) => path)}`,
  tmpfiles: sh`grep -sH '^w' ${tmpfilesGlobs}`,
};

/** @throws CannotTell */
export function kernelParts(answer: Answer): readonly Part[] {
  return [...parameterParts(readBoot(answer)), ...sysctlParts(answer), ...sysfsParts(answer)];
}

function parameterParts({ entries, live }: Boot): readonly Part[] {
  const entry = entries[0];
  const names = new Set([...live, ...(entry ?? [])].map(nameOf).filter(name => !ofTheBoot.has(name)));
  return [...names].map(name => {
    const of = (tokens: readonly Token[]) => tokens.filter(token => nameOf(token) === name).join(' ');
    const [now, next] = [of(live), entry === undefined ? null : of(entry)];
    const waits = next !== null && next !== now ? 'reboot' : null;
    return { part: `kernel parameter ${name}`, configured: next, live: now, waits };
  });
}

function sysctlParts(answer: Answer): readonly Part[] {
  const live = readFiles(answer, 'sysctl');
  const stored = accept(answer, 'stored', [0, 1, 2], 'grep').stdout;
  return sysctls.flatMap(key => {
    const value = live.get(keyPath(key));
    if (value === undefined) return [];
    return [settled(`sysctl ${key}`, storedLast(stored, keyPath(key))?.value ?? null, sameValue(value))];
  });
}

function sysfsParts(answer: Answer): readonly Part[] {
  const live = readFiles(answer, 'sysfs');
  const stored = accept(answer, 'tmpfiles', [0, 1, 2], 'grep').stdout;
  return files.flatMap(([part, path]) => {
    const text = live.get(path);
    if (text === undefined) return [];
    return [settled(part, writtenAtBoot(stored, path) ?? null, /\[(.+)\]/.exec(text)?.[1] ?? text)];
  });
}

function settled(part: string, configured: string | null, live: string): Part {
  return { part, configured, live, waits: configured === null || configured === live ? null : 'apply' };
}
