import { posix } from 'node:path';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import type { Decision } from '../module.ts';
import { contentOfText, describeContent, describeGoal } from './content.ts';
import { type Goal, partOf, sameGoal } from './goal.ts';
import { decideReplace } from './replace.ts';

/** Decides about a short file that is owned as a whole, with the folder that it lies in. */
export function placeText(goal: Goal, text: string): Decision {
  const content = contentOfText(text);
  if (!goal.homeless) return decideReplace(goal, content, {}, {});
  const { path } = goal;
  const part = partOf(path);
  return {
    kind: 'change',
    reason: 'is absent',
    diff: [{ subject: path, before: describeGoal(goal), after: describeContent(content) }],
    guard: script({ same: sameGoal(goal) }),
    // What is put in place before an apply needs the folder to be there.
    apply: script({
      place: sh`umask 022; mkdir -p -- ${posix.dirname(path)} && printf %s ${text} > ${part} && mv -f ${part} ${path}`,
    }),
    creates: [{ kind: 'path', name: path }],
  };
}
