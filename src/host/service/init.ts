import { CannotTell } from '../../shell/answer.ts';
import { type Look, map, printed } from '../../shell/look.ts';
import { raw, sh } from '../../shell/quote.ts';

/** Shell text that sets `$i` to the init system. */
export const detect = raw(
  'if [ -d /run/systemd/system ]; then i=systemd; elif [ -d /run/openrc ] && command -v ' +
    'rc-service >/dev/null; then i=openrc; elif command -v systemctl >/dev/null; then ' +
    'i=systemd-offline; else i=none; fi',
);

/** `systemd`, `openrc`, `systemd-offline` where it did not boot this system, or `none`. */
export const initSystem: Look<string> = map(printed('sh', sh`${detect}; echo $i`), text => text.trim());

/** Why services cannot be asked for. */
export function noManager(init: string, advice?: string): CannotTell {
  const messages: Readonly<Record<string, string>> = {
    'systemd-offline': 'systemd is installed, but did not boot this system (a container or a chroot?)',
    openrc: 'this host runs OpenRC, not systemd',
  };
  return new CannotTell(messages[init] ?? 'this host has neither systemd nor OpenRC', {
    advice: advice ?? 'Services are managed with systemctl or rc-service; use command for another init system.',
  });
}
