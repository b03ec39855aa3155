import { boot } from '../../host/boot/loader.ts';
import type { Token } from '../../host/boot/tokens.ts';
import { all, look, own, type Seen } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { pageSizes } from './page-sizes.ts';
import { grubSettings } from './settings.ts';

/** What is seen of a host whose command line is owned. */
export type BootState = Seen<ReturnType<typeof bootState>>;

/** What the host boots with, what its settings come to, and whether /boot takes a change. */
export function bootState(wanted: readonly Token[]) {
  return all({ boot, grub: grubSettings, pageSizes: pageSizes(wanted), writable: writableBoot });
}

/** Whether /boot can be written and has room. */
const writableBoot = look({ [own]: sh`df -Pk /boot | tail -n 1 && [ -w /boot ]` }, answer => {
  const found = answer[own];
  return found?.code === 0 && Number(found.stdout.split(/\s+/)[3]) > 50 * 1024;
});
