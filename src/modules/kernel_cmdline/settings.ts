import { dropInPath } from '../../host/boot/loader.ts';
import { splitTokens, type Token } from '../../host/boot/tokens.ts';
import { accept } from '../../shell/answer.ts';
import { raw, type ShellText } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';

/**
 * What the settings of GRUB come to: the command line of the first entry, behind what GRUB itself
 * gives it.
 */
export interface GrubSettings {
  /** With our drop-in. */
  readonly all: readonly Token[];
  /** Without it. */
  readonly others: readonly Token[];
}

/**
 * Sections that evaluate the settings as grub-mkconfig does: in a shell, one file after the other,
 * where a later one overrides, and the first that fails ends it. They may be any shell text.
 */
export const settingsSections: Readonly<Record<'all' | 'others', ShellText>> = {
  all: evaluated(''),
  others: evaluated(dropInPath),
};

function evaluated(without: string): ShellText {
  return raw(`command -v grub-mkconfig >/dev/null && ! command -v grubby >/dev/null || exit 0
set -e
for x in /etc/default/grub /etc/default/grub.d/*.cfg; do
  if [ -e "$x" ]${without === '' ? '' : ` && [ "$x" != ${without} ]`}; then . "$x" >/dev/null; fi
done
printf '%s\\n' "\${GRUB_CMDLINE_LINUX-} \${GRUB_CMDLINE_LINUX_DEFAULT-}"`);
}

/**
 * Reads the answer of {@link settingsSections}.
 * @throws CannotTell where a file is not valid, or fails
 */
export function readSettings(answer: Answer): GrubSettings {
  const read = (section: string) =>
    splitTokens(accept(answer, section, [0], 'The shell that reads /etc/default/grub').stdout);
  return { all: read('all'), others: read('others') };
}
