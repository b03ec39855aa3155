import { type Decision, ok, refuse } from '../../decision.ts';
import { contentOnHost } from '../../host/file/content.ts';
import { fileGoal, foundGoal, type Goal, textOf } from '../../host/file/goal.ts';
import { decideReplace, resultOf, resultSchemas } from '../../host/file/replace.ts';
import { refuseChanged, refuseUnkept } from '../../host/restore/refuse.ts';
import { all, within } from '../../shell/look.ts';
import { join, sh } from '../../shell/quote.ts';
import { defineModule } from '../module.ts';
import { type Args, args, examples } from './schema.ts';

/** What the host has of both files. */
interface Files {
  readonly goal: Goal;
  readonly kept: Goal;
}

/** A file as it was before a run replaced it. */
export const restoreFile = defineModule({
  name: 'restore_file',
  summary: 'A file as it was before a run replaced it.',
  description: `Puts back content, owner, group and mode of a file that a recorded run replaced.
\`hostwright restore\` makes these tasks from the journal of a run; you need not write them.
A host keeps what the twenty newest runs replaced, in /var/lib/hostwright/replaced, or in
~/.local/state/hostwright/replaced of a user who is not root. Files of more than 16 MiB are not
kept. What is there now must be what the run left, unless \`changed_since\` is given.`,
  args,
  returns: { type: 'object', properties: resultSchemas },
  examples,
  owns: ({ path }) => [{ subject: path, attribute: 'content', value: 'as it was' }],
  look: ({ path, run, kept, size }) =>
    within(
      900,
      all({
        goal: fileGoal(path, { size: 'any' }),
        kept: foundGoal(sh`hw_keeps ${run}; p=$hw_f/${kept}`, { size }),
      }),
    ),
  decide,
});

function decide(args: Args, { goal, kept }: Files): Decision<Files> {
  const { path, run, mode, uid, gid, sha256, left } = args;
  const wanted = sha256 ?? kept.sha256;
  const isBack = wanted !== undefined && goal.sha256 === wanted;
  if (!isBack && !args.changed_since && !left.some(hash => hash === goal.sha256))
    return refuseChanged(path, run, left.length > 0);
  if (isBack && sameAttributes(args, goal))
    return ok(`is as it was before the run ${run}`, { result: resultOf(path, goal.entry, goal.sha256) });
  if (kept.entry?.kind !== 'file') return refuseUnkept(path, run);
  // Of content that was not known, another user may have put a file there before it was kept.
  const isKept = kept.entry.size === args.size && (sha256 !== undefined || sameAttributes(args, kept));
  if (kept.sha256 === undefined || kept.sha256 !== wanted || !isKept)
    return refuse(
      `${kept.path} is not what the run ${run} kept of ${path}: it was changed`,
      'Look at it on the host; copy it by hand if it is what you want.',
    );
  const text = kept.bytes && textOf(kept.bytes);
  const there = contentOnHost(kept.path, kept.sha256, args.size);
  // Making room for what is replaced now must not take what is put back.
  const same = join([there.same, sh`hw_back=${run}`], ' &&\n');
  const content = { ...there, same, ...(text !== undefined && { text }) };
  return decideReplace(goal, content, { mode }, { uid, gid });
}

function sameAttributes({ mode, uid, gid }: Args, { entry }: Goal): boolean {
  return entry?.mode === Number.parseInt(mode, 8) && entry.uid === uid && entry.gid === gid;
}
