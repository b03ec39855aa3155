import { accept } from '../../shell/answer.ts';
import { type Look, look, own } from '../../shell/look.ts';
import { raw, type ShellText, sh } from '../../shell/quote.ts';

/** The connection of {@link virshReadOnly}. */
export const systemUri = 'qemu:///system';

/** `virsh` that asks and never changes anything, as any user may do. */
export const virshReadOnly = raw(`virsh -r -c ${systemUri}`);

/** Whether virsh is on the host. @param more what is asked of it then, for nothing but its exit. */
export function hasVirsh(more: ShellText = raw('')): Look<boolean> {
  const text = sh`command -v virsh >/dev/null || exit 127${more}`;
  return look({ [own]: text }, answer => answer[own]?.code !== 127);
}

/**
 * What the daemon says to a command of virsh; undefined where it does not answer. A daemon that is
 * not there is a finding; one that may not be asked is none.
 * @throws CannotTell where it may not be asked
 */
export function answered(text: ShellText): Look<string | undefined> {
  return look({ [own]: text }, answer => {
    const { code = 0, stderr = '' } = answer[own] ?? {};
    const away = code !== 0 && !/denied|authenti|not permitted/i.test(stderr);
    return away ? undefined : accept(answer, own, [0], 'virsh').stdout;
  });
}
