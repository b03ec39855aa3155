import { ok } from '../../decision.ts';
import { type FoundEntry, fieldsOf, foundText } from '../../host/file/found-text.ts';
import { defineModule } from '../module.ts';
import { args, examples, returns } from './schema.ts';
import { statOf } from './stat-of.ts';

interface StatFields {
  readonly exists?: boolean;
  readonly checksum?: string;
  readonly lnk_source?: string;
}

export const stat = defineModule({
  name: 'stat',
  summary: 'Tells what is at a path.',
  description:
    'Reads only, so it also runs in check mode, and is never `changed`. A path that may ' +
    'not be looked at fails the task.',
  args,
  freeForm: 'path',
  returns,
  found({ stat: entry }) {
    const { exists, checksum, lnk_source } = entry as StatFields;
    if (!exists) return '';
    const source = lnk_source === undefined ? [] : [`leads to ${lnk_source}`];
    return [foundText(entry as FoundEntry), ...source, ...(checksum ? [`checksum ${checksum}`] : [])].join('\n');
  },
  examples,
  look: statOf,
  decide(args, { entry, checksum, link }) {
    if (!entry) return ok('looked: nothing is there', { result: { stat: { exists: false } } });
    const found = {
      exists: true,
      ...fieldsOf(args.path, entry),
      ...(checksum !== undefined && { checksum }),
      ...(link && { lnk_target: link.target, lnk_source: link.source }),
    };
    return ok(`looked: a ${entry.kind} is there`, { result: { stat: found } });
  },
});
