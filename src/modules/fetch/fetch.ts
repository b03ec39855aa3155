import { posix } from 'node:path';
import type { ArgumentProblem } from '../../callable.ts';
import { change, ok, type Refuse, refuse } from '../../decision.ts';
import { hashedFile } from '../../host/file/hash.ts';
import { all, within } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { args, examples, returns } from './schema.ts';

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
  look: ({ src }) => within(900, all({ entry: hashedFile(src) })),
  decide(args, { entry }, { local }) {
    const { src, validate_checksum } = args;
    if (!entry && !args.fail_on_missing) return ok(`${src} does not exist`, { result: { src } });
    if (entry?.kind !== 'file') return refuseOther(src, entry?.kind);
    if (!local) throw new Error('what is on the controller was not looked at');
    const { path: dest, file } = local;
    const { sha256, size } = entry;
    const result = { dest, src, checksum: sha256 };
    if (file?.sha256 === sha256) return ok('the controller has it already', { result });
    const diff = [{ subject: `${dest} (controller)`, before: file ? described(file) : '', after: described(entry) }];
    const reason = file ? 'the file on the controller is another' : 'is not on the controller';
    if (!validate_checksum) {
      return change(reason, {
        diff,
        apply: script({}),
        fetches: [{ from: src, to: dest, most: size + growth }],
        verify: 'none',
        result: { dest, src },
      });
    }
    return change(reason, {
      diff,
      guard: script({ same: sh`[ "$(sha256sum < ${src})" = ${`${sha256}  -`} ] || exit 75` }),
      apply: script({}),
      fetches: [{ from: src, to: dest, sha256, most: size }],
      // What came has been hashed on its way: what is left to prove is that the host still has the same.
      verify: {
        proves: after =>
          after.entry?.kind === 'file' && after.entry.sha256 === sha256
            ? undefined
            : `${src} is another file on the host than the one that was fetched`,
      },
      result,
    });
  },
});

/** The host's name as that of a directory. */
function folderOf(host: string): string {
  return /^\.{1,2}$/.test(host) ? '_' : host.replace(/[/\0]/g, '_');
}

function described({ size, sha256 }: { readonly size: number; readonly sha256: string }): string {
  return `${size} bytes, sha256 ${sha256}\n`;
}

function refuseOther(src: string, kind: string | undefined): Refuse {
  return refuse(
    kind === undefined ? `${src} does not exist` : `${src} is a ${kind}, not a file`,
    kind === undefined
      ? 'Correct src, or say fail_on_missing: false.'
      : 'Only single files are fetched: name one, or list them with find and loop over them.',
    { needs: [{ kind: 'path', name: src }] },
  );
}

function problems({ src }: { readonly src: string }): ArgumentProblem[] {
  if (!src.split('/').includes('..')) return [];
  return [{ argument: 'src', message: 'may not have .. in it: it becomes a path below dest' }];
}
