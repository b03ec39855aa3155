import { dropInPath } from '../../host/boot/loader.ts';
import { splitTokens, type Token } from '../../host/boot/tokens.ts';
import { all, type Look, map, printed } from '../../shell/look.ts';
import { raw } from '../../shell/quote.ts';

/**
 * What the settings of GRUB come to, with our drop-in and without it: the command line of the first
 * entry, behind what GRUB itself gives it.
 * @throws CannotTell where a file is not valid, or fails
 */
export const grubSettings = all({ all: evaluated(''), others: evaluated(dropInPath) });

/**
 * Evaluates the settings as grub-mkconfig does: in a shell, one file after the other, where a later
 * one overrides, and the first that fails ends it. They may be any shell text.
 */
function evaluated(without: string): Look<readonly Token[]> {
  const text = raw(`command -v grub-mkconfig >/dev/null && ! command -v grubby >/dev/null || exit 0
set -e
for x in /etc/default/grub /etc/default/grub.d/*.cfg; do
  if [ -e "$x" ]${without === '' ? '' : ` && [ "$x" != ${without} ]`}; then . "$x" >/dev/null; fi
done
printf '%s\\n' "\${GRUB_CMDLINE_LINUX-} \${GRUB_CMDLINE_LINUX_DEFAULT-}"`);
  return map(printed('The shell that reads /etc/default/grub', text), splitTokens);
}
