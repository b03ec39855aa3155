import { posix } from 'node:path';
import { change, type Decision } from '../../decision.ts';
import { join, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { contentOfText, describeContent, describeGoal } from './content.ts';
import type { Goal } from './goal.ts';
import { writeFile } from './place.ts';
import { decideReplace } from './replace.ts';

/** Decides about a short file that is owned as a whole, with the folder that it lies in. */
export function placeText(goal: Goal, text: string): Decision {
  const content = contentOfText(text);
  if (!goal.homeless) return decideReplace(goal, content, {}, {});
  const { path } = goal;
  const directory = sh`umask 022; hw_path ${posix.dirname(path)} '' '' || exit`;
  const write = writeFile(path, {
    seen: undefined,
    placed: { mode: 0o644 },
    write: sh`{ printf %s ${text} >&3 || hw_unwritten; }`,
  });
  return change('is absent', {
    diff: [{ subject: path, before: describeGoal(goal), after: describeContent(content) }],
    guarded: 'place',
    contained: true,
    apply: script({ place: join([directory, write]) }),
    creates: [{ kind: 'path', name: path }],
  });
}
