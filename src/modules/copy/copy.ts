import { posix } from 'node:path';
import type { ArgumentProblem } from '../../callable.ts';
import { isHostPath } from '../../host/file/arguments.ts';
import { ownerIds, withModeOf } from '../../host/file/attributes.ts';
import { type Content, contentOfFile, contentOfText } from '../../host/file/content.ts';
import { fileGoal, secondsToRead } from '../../host/file/goal.ts';
import { decideReplace } from '../../host/file/replace.ts';
import { all, within } from '../../shell/look.ts';
import { fileBehind } from '../context-file.ts';
import { type Context, defineModule } from '../module.ts';
import { jsonOf } from './json.ts';
import { type Args, args, examples, returns } from './schema.ts';
import { fileOnHost, sizeOnHost } from './source.ts';

export const copy = defineModule({
  name: 'copy',
  summary: 'Copies a file of the controller, a text, or a file of the host to a path.',
  description:
    'The file is written under a temporary name next to its goal and renamed, so that half ' +
    'of it is never seen. Content is compared by SHA-256. A new file has the mode 0644 ' +
    'unless `mode` says otherwise; a file that is replaced keeps its owner, group and ' +
    'mode. A symbolic link is replaced by a file unless `follow` is given. Directories are ' +
    'not copied: the error says which tasks do it.',
  args,
  returns,
  examples,
  problems,
  look(args, context) {
    const { src, dest, remote_src, follow } = args;
    const name = src === undefined ? undefined : posix.basename(src);
    const source = remote_src ? src : undefined;
    const size = source === undefined ? wantedContent(args, context).size : undefined;
    const looks = all({
      goal: fileGoal(dest, { name, follow, size: source === undefined ? size : sizeOnHost(source) }),
      ids: ownerIds(args),
      source: source === undefined ? undefined : fileOnHost(source),
    });
    return within(source === undefined ? secondsToRead(size ?? 0) : 900, looks);
  },
  decide(args, { goal, ids, source }, context) {
    if ('kind' in ids) return ids;
    if (source && 'kind' in source) return source;
    const { content, mode } = source ?? { content: wantedContent(args, context), mode: context.files.src?.mode };
    return decideReplace(goal, content, withModeOf(args, mode), ids);
  },
});

function wantedContent({ content }: Args, context: Context): Content {
  if (content === undefined) return contentOfFile(fileBehind('src', context));
  return contentOfText(typeof content === 'string' ? content : jsonOf(content));
}

function problems(args: Args): ArgumentProblem[] {
  if (args.src !== undefined && args.content !== undefined)
    return [{ argument: 'content', message: 'give src or content, not both' }];
  if (args.src === undefined && args.content === undefined)
    return [{ argument: 'src', message: 'give src or content' }];
  if (args.src === undefined && args.dest.endsWith('/')) {
    return [{ argument: 'dest', message: 'ends in /, but content has no file name: name the file' }];
  }
  if (args.src === undefined && args.mode === 'preserve')
    return [{ argument: 'mode', message: 'is preserve, but content has no mode: write the mode' }];
  if (args.remote_src && !isHostPath(args.src ?? '')) {
    return [{ argument: 'src', message: 'with remote_src, src is an absolute path on the host' }];
  }
  return [];
}
