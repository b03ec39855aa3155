import { change } from '../../decision.ts';
import { entryAt } from '../../host/file/entry.ts';
import { refuseDirectory } from '../../host/file/missing-directory.ts';
import { CannotTell } from '../../shell/answer.ts';
import { all, type Look, map, printed } from '../../shell/look.ts';
import { raw, type ShellText, sh } from '../../shell/quote.ts';
import { type Output, script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { args, examples, returns } from './schema.ts';

export const tempfile = defineModule({
  name: 'tempfile',
  summary: 'Makes a temporary file or directory on the host.',
  description:
    'Its name cannot be guessed, and only its owner may read it. It is made again by each ' +
    'run, so this is always `changed`; take it away with `file` and `state: absent` when ' +
    'it is done with. Check mode makes nothing: what needs its path is unknown there.',
  args,
  returns,
  examples,
  look({ path }) {
    const directory = path === undefined ? raw('"${TMPDIR:-/tmp}"') : sh`${path}`;
    return all({ path: absolutePath(directory), entry: entryAt(directory, { follow: true }) });
  },
  decide({ state, prefix, suffix }, { path, entry }) {
    const kind = entry?.kind;
    if (kind !== 'directory') return refuseDirectory(path, kind);
    const start = `${path.replace(/\/+$/, '')}/${prefix}`;
    return change(`a new ${state} is made`, {
      diff: [{ subject: `${start}XXXXXX${suffix}`, before: '', after: `an empty ${state}\n` }],
      apply: script({ make: make(state, start, suffix) }),
      verify: 'none',
      report: applied => made(applied.make),
    });
  },
});

function absolutePath(directory: ShellText): Look<string> {
  return map(printed('printf', sh`printf %s ${directory}`), path => {
    if (path.startsWith('/')) return path;
    throw new CannotTell(
      `the directory for temporary files is ${JSON.stringify(path)}, which is not an absolute path`,
      { advice: 'Name one with path, or correct TMPDIR on the host.' },
    );
  });
}

/**
 * mktemp of busybox knows no suffix. What makes the entry fails if the name is taken, by a link
 * too.
 */
function make(state: 'file' | 'directory', start: string, suffix: string): ShellText {
  const entry = state === 'file' ? raw('(set -C; : > "$p")') : raw('mkdir -- "$p"');
  return sh`umask 077
r=$(LC_ALL=C tr -dc a-z0-9 < /dev/urandom | head -c 16)
[ \${#r} = 16 ] || { echo 'no random name could be made from /dev/urandom' >&2; exit 1; }
p=${start}"$r"${suffix}
${entry} || exit
printf %s "$p"`;
}

function made(output: Output | undefined): Readonly<Record<string, unknown>> {
  return output?.code === 0 ? { path: output.stdout } : {};
}
