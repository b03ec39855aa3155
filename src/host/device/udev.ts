import { type Decision, followedBy } from '../../decision.ts';
import { printed } from '../../shell/look.ts';
import { raw } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { edited } from '../lines/decide.ts';
import type { TextGoal } from '../lines/text.ts';

/** Whether the host has udev. @throws CannotTell where it has not */
export const udevTool = printed('udevadm', raw('command -v udevadm >/dev/null || exit 127'));

/** All rules files of udev, as globs of the shell. */
export const rulesFiles = raw(
  ['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'].map(folder => `${folder}/udev/rules.d/*.rules`).join(' '),
);

/** udevadm can check rules from systemd 254 on. */
const validate = `sh -c 'udevadm verify --help >/dev/null 2>&1 || exit 0; udevadm verify "$1"' sh %s`;

/** Decides about a file of rules, which udev then reads again. */
export function editedRules(file: TextGoal, text: string): Decision {
  return followedBy(edited(file, text, { validate }), script({ reload: raw('udevadm control --reload') }));
}
