import { posix } from 'node:path';
import type { Decision } from '../../decision.ts';
import { contentOfText } from '../../host/file/content.ts';
import { findGoal, type Goal } from '../../host/file/goal.ts';
import { makeDirectory } from '../../host/file/place.ts';
import { decideReplace } from '../../host/file/replace.ts';
import { foundText, type TextGoal } from '../../host/lines/text.ts';
import { CannotTell } from '../../shell/answer.ts';
import { type Look, map, printed } from '../../shell/look.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import { inOrder, script } from '../../shell/script.ts';

/** The file of known hosts; a path may begin with `~`. */
export function knownHostsFile(path: string): Look<TextGoal> {
  return foundText(find(path));
}

/** Random bytes, for a name that is yet to be hashed. @throws CannotTell */
export const salt: Look<Uint8Array> = map(printed('sha256sum', raw('head -c 64 /dev/urandom | sha256sum')), text => {
  const digits = /^[0-9a-f]{40}/.exec(text)?.[0];
  if (digits === undefined) throw new CannotTell(`sha256sum printed ${JSON.stringify(text)}`);
  return new Uint8Array(Buffer.from(digits, 'hex'));
});

/** Writes the file with ~/.ssh, as ssh(1) makes it. */
export function withDirectory(goal: Goal, text: string): Decision {
  const path = posix.dirname(goal.path);
  const file = decideReplace({ ...goal, homeless: false }, contentOfText(text), {}, {});
  if (file.kind !== 'change') return file;
  return {
    ...file,
    diff: [{ subject: path, before: '', after: 'mode: 0700\n' }, ...file.diff],
    apply: inOrder(script({ directory: makeDirectory(path, { mode: 0o700 }) }), file.apply),
    creates: [{ kind: 'path', name: path }, ...(file.creates ?? [])],
  };
}

/** Sets `$p` to the file. */
function find(path: string): ShellText {
  if (!path.startsWith('~')) return findGoal(path, { follow: true });
  return join([
    raw('[ -n "$HOME" ] || { echo "HOME is not set" >&2; exit 4; }'),
    sh`p=$HOME${path.slice(1)}`,
    raw('if [ -L "$p" ]; then p=$(readlink -f -- "$p" && echo x) || exit; p=${p%??}; fi'),
  ]);
}
