import { posix } from 'node:path';
import type { ArgumentProblem } from '../../callable.ts';
import { change, type Decision, ok, refuse } from '../../decision.ts';
import { type Entry, readEntry, statEntry } from '../../host/file/entry.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import type { LocalGoal } from '../../transfers.ts';
import { defineModule } from '../module.ts';
import { args, examples, returns } from './schema.ts';

interface State {
  readonly entry: Entry | undefined;
  /** Lower-case hex; of a file. */
  readonly sha256: string | undefined;
}

/** Bytes by which a file may grow while it is read. */
const growth = 64 * 1024 * 1024;

export const fetch = defineModule({
  name: 'fetch',
  summary: 'Brings a file of the host to the controller.',
  description:
    "The file lands in `dest/HOST/path`, where HOST is the inventory's name; with `flat` in " +
    '`dest` itself, so that hosts of one play would overwrite each other. It is compared by ' +
    'SHA-256, streamed whatever its size, written next to its goal with mode 0600 and renamed. ' +
    'Symbolic links are followed. The result names `dest`.',
  args,
  returns,
  examples,
  problems,
  local({ src, dest, flat }, host) {
    if (!flat) return posix.join(dest, folderOf(host), src);
    return dest.endsWith('/') ? posix.join(dest, posix.basename(src)) : dest;
  },
  probe({ src }) {
    return script(
      { entry: statEntry(src, { follow: true }), hash: sh`if [ -f ${src} ]; then sha256sum < ${src}; fi` },
      { limit: 900 },
    );
  },
  read(answer, { src }): State {
    const entry = readEntry(answer, 'entry');
    if (entry?.kind !== 'file') return { entry, sha256: undefined };
    const sha256 = /^[0-9a-f]{64}(?= )/.exec(accept(answer, 'hash', [0], 'sha256sum').stdout)?.[0];
    if (sha256 === undefined) throw new CannotTell(`sha256sum printed no hash of ${src}`);
    return { entry, sha256 };
  },
  decide(args, { entry, sha256 }, { local }): Decision<State> {
    const { src, validate_checksum } = args;
    if (!entry && !args.fail_on_missing) return ok(`${src} does not exist`, { result: { src } });
    if (entry?.kind !== 'file') {
      return refuse(
        entry ? `${src} is a ${entry.kind}, not a file` : `${src} does not exist`,
        entry
          ? 'Only single files are fetched: name one, or list them with find and loop over them.'
          : 'Correct src, or say fail_on_missing: false.',
        { needs: [{ kind: 'path', name: src }] },
      );
    }
    const dest = local!.path;
    const result = { dest, src, checksum: sha256! };
    if (local!.file?.sha256 === sha256) return ok('the controller has it already', { result });
    return change(local!.file ? 'the file on the controller is another' : 'is not on the controller', {
      diff: [{ subject: `${dest} (controller)`, before: before(local!), after: described(entry.size, sha256!) }],
      ...(validate_checksum && {
        guard: script({ same: sh`[ "$(sha256sum < ${src})" = ${`${sha256}  -`} ] || exit 75` }),
      }),
      apply: script({}),
      fetches: [
        validate_checksum
          ? { from: src, to: dest, sha256: sha256!, most: entry.size }
          : { from: src, to: dest, most: entry.size + growth },
      ],
      verify: validate_checksum ? { proves: after => changedMeanwhile(after, result) } : 'none',
      result: validate_checksum ? result : { dest, src },
    });
  },
});

/** The host's name as that of a directory. */
function folderOf(host: string): string {
  return /^\.{1,2}$/.test(host) ? '_' : host.replace(/[/\0]/g, '_');
}

/**
 * What came has been hashed on its way: what is left to prove is that the host still has the same.
 */
function changedMeanwhile(after: State, { src, checksum }: { src: string; checksum: string }): string | undefined {
  return after.sha256 === checksum ? undefined : `${src} is another file on the host than the one that was fetched`;
}

function before({ file }: LocalGoal): string {
  return file ? described(file.size, file.sha256) : '';
}

function described(size: number, sha256: string): string {
  return `${size} bytes, sha256 ${sha256}\n`;
}

function problems({ src }: { readonly src: string }): ArgumentProblem[] {
  if (!src.split('/').includes('..')) return [];
  return [{ argument: 'src', message: 'may not have .. in it: it becomes a path below dest' }];
}
