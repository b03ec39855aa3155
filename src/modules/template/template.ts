import { posix } from 'node:path';
import type { Refuse } from '../../decision.ts';
import { lookUpIds, readIds, withModeOf } from '../../host/file/attributes.ts';
import { contentOfFile } from '../../host/file/content.ts';
import { type Goal, probeGoal, readGoal } from '../../host/file/goal.ts';
import type { Ids } from '../../host/file/ids.ts';
import { decideReplace } from '../../host/file/replace.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { args, examples, returns } from './schema.ts';

interface State {
  readonly goal: Goal;
  readonly ids: Ids | Refuse;
}

export const template = defineModule({
  name: 'template',
  summary: 'Renders a Handlebars template for the host and writes the text to a path.',
  description:
    'As `copy`, but `src` is a template of the role: it is rendered for each host before ' +
    'anything is connected. A new file has the mode 0644 unless `mode` says otherwise; a ' +
    'file that is replaced keeps its owner, group and mode.',
  args,
  returns,
  examples,
  probe(args, context) {
    const size = context.files.src!.size;
    const name = posix.basename(args.src).replace(/\.hbs$/, '');
    return script({ ...probeGoal(args.dest, { name, follow: args.follow, size }), ...lookUpIds(args) });
  },
  read(answer, args): State {
    return { goal: readGoal(answer), ids: readIds(answer, args) };
  },
  decide(args, { goal, ids }, context) {
    if ('kind' in ids) return ids;
    const source = context.files.src!;
    return decideReplace(goal, contentOfFile(source), withModeOf(args, source.mode), ids);
  },
});
