import { type Decision, ok, refuse } from '../../decision.ts';
import { contentOfText } from '../file/content.ts';
import { decideReplace, type ReplaceOptions } from '../file/replace.ts';
import type { OwnedText, TextGoal } from './text.ts';

/** Decides about a file of which a module owns a part, and that it makes where there is none. */
export function edited({ goal }: TextGoal, text: string, options: ReplaceOptions = {}): Decision {
  return decideReplace(goal, contentOfText(text), options, {});
}

/**
 * Decides about a file of which a module owns a part: `edited` is its whole text as it is to be.
 */
export function decideText(
  { file: { goal }, ids }: OwnedText,
  edited: string,
  options: ReplaceOptions & { readonly create: boolean; readonly absent: boolean },
): Decision {
  if ('kind' in ids) return ids;
  if (!goal.entry && options.absent) return ok('the file is absent', { result: { dest: goal.path } });
  if (!goal.entry && !options.create) {
    return refuse(`${goal.path} does not exist`, 'Say create: true if it is to be made.', {
      needs: [{ kind: 'path', name: goal.path }],
    });
  }
  return decideReplace(goal, contentOfText(edited), options, ids);
}
