import { ok } from '../../decision.ts';
import { type FoundEntry, fieldsOf, foundText } from '../../host/file/found-text.ts';
import { CannotTell } from '../../shell/answer.ts';
import { all, each, type Look, map, printed, within } from '../../shell/look.ts';
import { raw } from '../../shell/quote.ts';
import { defineModule } from '../module.ts';
import { ageTest, itemsOf, nameTest, sizeTest } from './arguments.ts';
import { contentsOf, type Found } from './listing.ts';
import { problems } from './problems.ts';
import { type Args, args, examples, returns } from './schema.ts';

export const find = defineModule({
  name: 'find',
  summary: 'Lists files of the host.',
  description:
    'Reads only, so it also runs in check mode, and is never `changed`. Names are compared ' +
    'without their directories. A path that is not there, or no directory, is named in ' +
    '`skipped_paths`; one that may not be read fails the task. `size` and `contains` ' +
    'choose among regular files. The list is sorted by path; it may be 16 MiB long.',
  args,
  returns,
  found: ({ files, skipped_paths }) =>
    [
      ...(files as readonly FoundEntry[]).map(foundText),
      ...Object.entries(skipped_paths as object).map(([path, why]) => `${path}: ${why}`),
    ].join('\n'),
  examples,
  problems,
  look: args => within(600, all({ now: hostTime, paths: each(itemsOf(args.paths), path => contentsOf(path, args)) })),
  decide(args, { now, paths }) {
    const found = paths.flatMap(one => one.found);
    const skipped = paths.flatMap(({ path, skipped }) => (skipped === undefined ? [] : [[path, skipped]]));
    const unreadable = found.filter(({ path }) => path.includes('\ufffd')).map(({ path }) => path);
    const leftOut = unreadable.length === 0 ? '' : `, ${unreadable.length} left out whose names are not UTF-8`;
    const files = found.filter(chosen(args, now)).filter(({ path }) => !unreadable.includes(path));
    files.sort((one, other) => (one.path < other.path ? -1 : 1));
    const result = {
      files: files.map(described),
      matched: files.length,
      examined: found.length,
      skipped_paths: Object.fromEntries([...skipped, ...unreadable.map(path => [path, 'its name is not UTF-8'])]),
    };
    return ok(`looked: ${files.length} of ${found.length} entries match${leftOut}`, { result });
  },
});

/** In seconds since 1970. @throws CannotTell */
const hostTime: Look<number> = map(printed('date', raw('date +%s')), text => {
  if (!/^\d+\n$/.test(text)) throw new CannotTell(`date printed no time: ${JSON.stringify(text)}`);
  return Number(text);
});

function chosen(args: Args, now: number): (entry: Found) => boolean {
  const [isName, isAge, isSize] = [nameTest(args), ageTest(args.age), sizeTest(args.size)];
  const stamps = { mtime: 'modified', ctime: 'changed', atime: 'accessed' } as const;
  const stamp = stamps[args.age_stamp];
  return entry =>
    (args.file_type === 'any' || entry.kind === args.file_type) &&
    isName(entry.path.replace(/^.*\//s, '')) &&
    isAge(now - entry[stamp]) &&
    (args.size === undefined || (entry.kind === 'file' && isSize(entry.size)));
}

function described(entry: Found): object {
  return { ...fieldsOf(entry.path, entry), atime: entry.accessed, ctime: entry.changed };
}
