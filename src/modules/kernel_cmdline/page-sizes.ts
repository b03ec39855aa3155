import { type Refuse, refuse } from '../../decision.ts';
import { nameOf, type Token } from '../../host/boot/tokens.ts';
import { formatSize, parseSize } from '../../host/size.ts';
import { accept } from '../../shell/answer.ts';
import { raw, type ShellText } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';

/** The values of parameters that name a size of huge pages. */
function sizesIn(wanted: readonly Token[]): readonly string[] {
  return wanted
    .filter(token => ['hugepagesz', 'default_hugepagesz'].includes(nameOf(token)))
    .map(token => token.slice(token.indexOf('=') + 1));
}

/** Probe section for the sizes of huge pages that the host has, where the parameters name one. */
export function pageSizeSection(wanted: readonly Token[]): Readonly<Record<string, ShellText>> {
  if (sizesIn(wanted).length === 0) return {};
  // Some kernels show 1 GiB only once they were booted with it.
  const gigantic = 'if grep -qw pdpe1gb /proc/cpuinfo; then echo hugepages-1048576kB; fi';
  return {
    sizes: raw(`if [ -d /sys/kernel/mm/hugepages ]; then ls /sys/kernel/mm/hugepages || exit 1; fi; ${gigantic}`),
  };
}

/** In bytes; undefined where the parameters name none. @throws CannotTell */
export function readPageSizes(answer: Answer, wanted: readonly Token[]): readonly number[] | undefined {
  if (sizesIn(wanted).length === 0) return undefined;
  const { stdout } = accept(answer, 'sizes', [0], 'ls');
  const found = [...stdout.matchAll(/^hugepages-(\d+)kB$/gm)].map(([, kilobytes]) => Number(kilobytes) * 1024);
  return [...new Set(found)].sort((one, other) => one - other);
}

/**
 * The refusal of a size that the host does not have: the kernel would ignore the number of pages
 * that follows it.
 */
export function sizeMissing(wanted: readonly Token[], sizes: readonly number[] | undefined): Refuse | undefined {
  const missing = sizesIn(wanted).find(text => !(sizes ?? []).includes(parseSize(text) ?? 0));
  if (missing === undefined) return undefined;
  return refuse(
    `this host has no huge pages of ${missing}`,
    `It has ${sizes?.map(formatSize).join(', ') || 'none'}. The kernel would ignore the number of pages that follows.`,
  );
}
