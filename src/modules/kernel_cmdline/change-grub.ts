import { type Change, change, type Refuse, refuse } from '../../decision.ts';
import { type Boot, dropInPath } from '../../host/boot/loader.ts';
import { pick, sameTokens, type Token } from '../../host/boot/tokens.ts';
import { sh } from '../../shell/quote.ts';
import { type Script, script } from '../../shell/script.ts';
import { dropInText } from './drop-in.ts';
import { applyGrub, dropInPut, rehearseGrub, undoGrub } from './grub.ts';
import type { BootState } from './look.ts';
import type { OwnedParameters } from './parameters.ts';

/**
 * Makes the menu again, with another drop-in where that differs.
 * @param inEntries whether the first entry of the menu has the parameters already
 */
export function changeGrub(state: BootState, owned: OwnedParameters, inEntries: boolean): Change | Refuse {
  const { boot, grub } = state;
  const { names, wanted } = owned;
  const theirs = pick(grub.others, names);
  const refusal = refuseGrub(state, owned, theirs);
  if (refusal) return refusal;
  const [entry = []] = boot.entries;
  const menu = { subject: 'boot entry', before: lineOf(pick(entry, names)), after: lineOf(wanted) };
  const menuDiff = inEntries ? [] : [menu];
  const common = {
    guard: guardOf(boot),
    [boot.dropIn === undefined ? 'creates' : 'alters']: [{ kind: 'path', name: dropInPath }],
  };
  if (sameTokens(pick(grub.all, names), wanted)) {
    return change('the boot entry differs', { ...common, diff: menuDiff, apply: applyGrub(false) });
  }
  // Where others already set what is wanted, our drop-in need not set it.
  const text = dropInText(boot.dropIn, names, sameTokens(theirs, wanted) ? [] : wanted);
  return change('is configured otherwise', {
    ...common,
    diff: [{ subject: dropInPath, before: boot.dropIn ?? '', after: text }, ...menuDiff],
    puts: [{ to: dropInPut, content: text }],
    rehearse: rehearseGrub(text, wanted),
    apply: applyGrub(true),
    undo: undoGrub(boot.dropIn, text),
  });
}

function lineOf(tokens: readonly Token[]): string {
  return tokens.length === 0 ? '' : `${tokens.join(' ')}\n`;
}

function refuseGrub(
  { boot, writable }: BootState,
  { names, wanted }: OwnedParameters,
  theirs: readonly Token[],
): Refuse | undefined {
  if (theirs.length > 0 && !sameTokens(theirs, wanted)) {
    // Of several lines the last one counts; what a shell puts together from several has none.
    const line = boot.settings.findLast(({ tokens }) => sameTokens(pick(tokens, names), theirs));
    const where = line
      ? `${line.file}:${line.line} sets`
      : 'the files of GRUB (/etc/default/grub, /etc/default/grub.d) set';
    return refuse(
      `${where} ${theirs.join(' ')} already`,
      'Two owners of one parameter end badly: take it out of that file, or leave it out here. ' +
        'The file is not edited.',
    );
  }
  if (writable) return undefined;
  return refuse('/boot is read-only or has less than 50 MiB free', 'Make room, or mount it read-write: df /boot.');
}

function guardOf({ dropIn }: Boot): Script {
  if (dropIn === undefined) return script({ guard: sh`[ ! -e ${dropInPath} ] || exit 75` });
  return script({ guard: sh`[ "$(cat ${dropInPath})" = ${dropIn.replace(/\n+$/, '')} ] || exit 75` });
}
