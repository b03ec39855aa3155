import { posix } from 'node:path';
import type { ArgumentProblem } from '../../callable.ts';
import { type Refuse, refuse } from '../../decision.ts';
import { isHostPath } from '../../host/file/arguments.ts';
import { lookUpIds, readIds, withModeOf } from '../../host/file/attributes.ts';
import { type Content, contentOfFile, contentOfText, contentOnHost } from '../../host/file/content.ts';
import { readEntry, statEntry } from '../../host/file/entry.ts';
import { type Goal, probeGoal, readGoal, secondsToRead } from '../../host/file/goal.ts';
import type { Ids } from '../../host/file/ids.ts';
import { formatMode } from '../../host/file/mode.ts';
import { decideReplace } from '../../host/file/replace.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { type Context, defineModule } from '../module.ts';
import { jsonOf } from './json.ts';
import { type Args, args, examples, returns } from './schema.ts';

interface State {
  readonly goal: Goal;
  readonly ids: Ids | Refuse;
  /** With `remote_src`: the file on the host that is copied, or why it cannot be. */
  readonly source?: Content | Refuse;
  /** Its mode. */
  readonly sourceMode?: string;
}

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
  probe(args, context) {
    const name = args.src === undefined ? undefined : posix.basename(args.src);
    const size = args.remote_src ? undefined : wanted(args, context)?.size;
    return script(
      {
        ...probeGoal(args.dest, {
          name,
          follow: args.follow,
          size: args.remote_src ? sh`$(stat -L -c %s -- ${args.src!} 2>/dev/null || echo -1)` : size,
        }),
        ...lookUpIds(args),
        ...(args.remote_src && {
          source: statEntry(args.src!, { follow: true }),
          sourceHash: sh`if [ -f ${args.src!} ]; then sha256sum < ${args.src!}; fi`,
        }),
      },
      { limit: args.remote_src ? 900 : secondsToRead(size ?? 0) },
    );
  },
  read(answer, args): State {
    const goal = readGoal(answer);
    const ids = readIds(answer, args);
    if (!args.remote_src) return { goal, ids };
    const entry = readEntry(answer, 'source');
    if (entry?.kind !== 'file') return { goal, ids, source: refuseSource(args.src!, entry?.kind) };
    const sha256 = /^[0-9a-f]{64}(?= )/.exec(accept(answer, 'sourceHash', [0], 'sha256sum').stdout)?.[0];
    if (sha256 === undefined) throw new CannotTell(`sha256sum printed no hash of ${args.src}`);
    return {
      goal,
      ids,
      source: contentOnHost(args.src!, sha256, entry.size),
      sourceMode: formatMode(entry.mode),
    };
  },
  decide(args, { goal, ids, source, sourceMode }, context) {
    const content = source ?? wanted(args, context);
    if ('kind' in ids) return ids;
    if (content && 'kind' in content) return content;
    return decideReplace(goal, content!, withModeOf(args, sourceMode ?? context.files.src?.mode), ids);
  },
});

function wanted(args: Args, context: Context): Content | undefined {
  if (typeof args.content === 'object') return contentOfText(jsonOf(args.content));
  if (args.content !== undefined) return contentOfText(args.content);
  const file = context.files.src;
  return file && contentOfFile(file);
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

function refuseSource(path: string, kind: string | undefined): Refuse {
  return refuse(
    kind === undefined ? `${path} does not exist on the host` : `${path} is a ${kind}, not a file`,
    'remote_src copies a single file of the host; correct src.',
    { needs: [{ kind: 'path', name: path }] },
  );
}
