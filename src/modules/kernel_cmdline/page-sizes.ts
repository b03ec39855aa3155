import { type Refuse, refuse } from '../../decision.ts';
import { nameOf, type Token } from '../../host/boot/tokens.ts';
import { formatSize, parseSize } from '../../host/size.ts';
import { type Look, map, printed } from '../../shell/look.ts';
import { raw } from '../../shell/quote.ts';

/** The values of parameters that name a size of huge pages. */
function sizesIn(wanted: readonly Token[]): readonly string[] {
  return wanted
    .filter(token => ['hugepagesz', 'default_hugepagesz'].includes(nameOf(token)))
    .map(token => token.slice(token.indexOf('=') + 1));
}

/**
 * The sizes of huge pages that the host has, in bytes, the smallest first; not asked for where the
 * parameters name none.
 */
export function pageSizes(wanted: readonly Token[]): Look<readonly number[]> | undefined {
  if (sizesIn(wanted).length === 0) return undefined;
  // Some kernels show 1 GiB only once they were booted with it.
  const gigantic = 'if grep -qw pdpe1gb /proc/cpuinfo; then echo hugepages-1048576kB; fi';
  const text = raw(`if [ -d /sys/kernel/mm/hugepages ]; then ls /sys/kernel/mm/hugepages || exit 1; fi; ${gigantic}`);
  return map(printed('ls', text), found => {
    const sizes = [...found.matchAll(/^hugepages-(\d+)kB$/gm)].map(([, kilobytes]) => Number(kilobytes) * 1024);
    return [...new Set(sizes)].sort((one, other) => one - other);
  });
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
