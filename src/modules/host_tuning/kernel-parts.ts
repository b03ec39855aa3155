import { type Boot, boot } from '../../host/boot/loader.ts';
import { nameOf, type Token } from '../../host/boot/tokens.ts';
import { storedLast, sysctlGlobs } from '../../host/sysctl/file.ts';
import { keyPath, sameValue } from '../../host/sysctl/key.ts';
import { writtenAtBoot } from '../../host/sysfs/tmpfiles.ts';
import type { Part } from '../../host/tuning/part.ts';
import { all, type Look, map, printed } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { firstLines } from '../../shell/read-files.ts';

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

/**
 * The kernel: its command line, and values that it can be told while it runs.
 * @throws CannotTell
 */
export const kernelParts: Look<readonly Part[]> = map(
  all({
    boot,
    sysctl: firstLines(sh`cd /proc/sys && grep -sH '' ${sysctls.map(keyPath)}`),
    stored: printed(
      'grep',
      sh`grep -sHF ${sysctls.flatMap(key => ['-e', key.replace(/^.*\./, '')])} ${sysctlGlobs}`,
      [0, 1, 2],
    ),
    sysfs: firstLines(sh`grep -sH '' ${files.map(([, path]) => path)}`),
    tmpfiles: writtenAtBoot,
  }),
  ({ boot, sysctl, stored, sysfs, tmpfiles }) => [
    ...parameterParts(boot),
    ...sysctls.flatMap(key => {
      const value = sysctl.get(keyPath(key));
      if (value === undefined) return [];
      return [settled(`sysctl ${key}`, storedLast(stored, keyPath(key))?.value ?? null, sameValue(value))];
    }),
    ...files.flatMap(([part, path]) => {
      const text = sysfs.get(path);
      return text === undefined ? [] : [settled(part, tmpfiles.get(path) ?? null, /\[(.+)\]/.exec(text)?.[1] ?? text)];
    }),
  ],
);

function parameterParts({ entries, live }: Boot): readonly Part[] {
  const [entry] = entries;
  const names = new Set([...live, ...(entry ?? [])].map(nameOf).filter(name => !ofTheBoot.has(name)));
  return [...names].map(name => {
    const of = (tokens: readonly Token[]) => tokens.filter(token => nameOf(token) === name).join(' ');
    const [now, next] = [of(live), entry === undefined ? null : of(entry)];
    const waits = next !== null && next !== now ? 'reboot' : null;
    return { part: `kernel parameter ${name}`, configured: next, live: now, waits };
  });
}

function settled(part: string, configured: string | null, live: string): Part {
  return { part, configured, live, waits: configured === null || configured === live ? null : 'apply' };
}
