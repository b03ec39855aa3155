import { pick, splitTokens, type Token } from '../../host/boot/tokens.ts';

const head = '# Written by Hostwright (kernel_cmdline). Recovery entries do not get these parameters.\n';
const assignment = 'GRUB_CMDLINE_LINUX_DEFAULT="${GRUB_CMDLINE_LINUX_DEFAULT:+$GRUB_CMDLINE_LINUX_DEFAULT }';

/** The parameters in our drop-in; none where it is not there. */
function dropInTokens(text: string | undefined): readonly Token[] {
  const line = text?.split('\n').find(candidate => candidate.startsWith(assignment));
  return splitTokens(line?.slice(assignment.length).replace(/"\s*$/, '') ?? '');
}

/**
 * The drop-in with these parameters: those of other names stay in front, in their order.
 * @param names of the parameters that are owned, with `_` for `-`.
 */
export function dropInText(before: string | undefined, names: readonly string[], wanted: readonly Token[]): string {
  const all = dropInTokens(before);
  const others = all.filter(token => pick([token], names).length === 0);
  const tokens = [...others, ...wanted];
  return tokens.length === 0 ? head : `${head}${assignment}${tokens.join(' ')}"\n`;
}
