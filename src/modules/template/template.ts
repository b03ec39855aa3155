import { posix } from 'node:path';
import { ownerIds, withModeOf } from '../../host/file/attributes.ts';
import { contentOfFile } from '../../host/file/content.ts';
import { fileGoal } from '../../host/file/goal.ts';
import { decideReplace } from '../../host/file/replace.ts';
import { all } from '../../shell/look.ts';
import { fileBehind } from '../context-file.ts';
import { defineModule } from '../module.ts';
import { args, examples, returns } from './schema.ts';

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
  look({ dest, src, follow, ...args }, context) {
    const name = posix.basename(src).replace(/\.hbs$/, '');
    const { size } = fileBehind('src', context);
    return all({ goal: fileGoal(dest, { name, follow, size }), ids: ownerIds(args) });
  },
  decide(args, { goal, ids }, context) {
    if ('kind' in ids) return ids;
    const source = fileBehind('src', context);
    return decideReplace(goal, contentOfFile(source), withModeOf(args, source.mode), ids);
  },
});
