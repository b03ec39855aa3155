import { posix } from 'node:path';
import type { ArgumentProblem } from '../../callable.ts';
import { type Decision, ok, refuse } from '../../decision.ts';
import { contentOfText } from '../../host/file/content.ts';
import { findGoal, type Goal, probeFound } from '../../host/file/goal.ts';
import { makeDirectory } from '../../host/file/place.ts';
import { decideReplace } from '../../host/file/replace.ts';
import { largestText, readText, type TextGoal } from '../../host/lines/text.ts';
import { saysNothing } from '../../host/ssh/public-key.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import { inOrder, script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { type HostKey, isNamed, parseHostKey, withHostKeys, withoutHost } from './host-key.ts';
import { type Args, args, examples, returns } from './schema.ts';

interface State extends TextGoal {
  /** For a name that is yet to be hashed. */
  readonly salt: Uint8Array | undefined;
}

export const knownHosts = defineModule({
  name: 'known_hosts',
  summary: 'Owns the keys by which a host of SSH is known on the host.',
  description:
    'Finds the name in plain and in hashed lines. A key of the same type that differs is ' +
    'replaced; other types, other hosts of a line, patterns and lines with a marker stay. ' +
    'A key that the file says is revoked is refused.',
  args,
  returns,
  examples,
  problems,
  probe: ({ path, hash_host }) =>
    script({
      ...probeFound(find(path), { most: largestText }),
      ...(hash_host && { salt: raw('head -c 64 /dev/urandom | sha256sum') }),
    }),
  read(answer, { hash_host }): State {
    const printed = hash_host ? accept(answer, 'salt', [0], 'sha256sum').stdout : '';
    const salt = /^[0-9a-f]{40}/.exec(printed)?.[0];
    if (hash_host && salt === undefined) throw new CannotTell(`sha256sum printed ${JSON.stringify(printed)}`);
    return { ...readText(answer), salt: salt === undefined ? undefined : new Uint8Array(Buffer.from(salt, 'hex')) };
  },
  decide({ name, key, state, path }, { goal, text, salt }) {
    const keys = keysIn(key);
    const result = { name, path: goal.path };
    const revoked = keys.find(one => isRevoked(text, one));
    if (state === 'present' && revoked) return refuseRevoked(goal.path, name, revoked);
    const edited = state === 'present' ? withHostKeys(text, name, keys, salt) : withoutHost(text, name, keys);
    if (!goal.entry && edited === '') return ok('the file is absent', { result });
    const decision = goal.homeless && path.startsWith('~/.ssh/') ? withDirectory(goal, edited) : replace(goal, edited);
    if (decision.kind === 'refuse') return decision;
    if (decision.kind === 'change') return { ...decision, result };
    return ok(state === 'present' ? 'is known' : 'is not known', { result });
  },
});

function problems({ name, key, state, hash_host }: Args): ArgumentProblem[] {
  if (state === 'absent' && hash_host) return [{ argument: 'hash_host', message: 'is for state present' }];
  if (key === undefined) return state === 'present' ? [{ argument: 'key', message: 'is needed: ssh-keyscan' }] : [];
  const lines = key.split('\n').filter(line => !saysNothing(line));
  if (lines.length === 0) return [{ argument: 'key', message: 'has no key in it' }];
  const wrong = lines.find(line => !parseHostKey(line));
  if (wrong !== undefined)
    return [{ argument: 'key', message: `is not a host key as ssh-keyscan prints it: ${wrong.trim().slice(0, 60)}` }];
  const keys = keysIn(key);
  if (keys.some(one => one.marker))
    return [{ argument: 'key', message: 'has a marker; those lines are for lineinfile' }];
  const other = keys.find(one => one.hosts !== '' && !isNamed(one, name));
  if (other) return [{ argument: 'key', message: `is that of ${other.hosts}, not of ${name}` }];
  if (new Set(keys.map(one => one.type)).size < keys.length)
    return [{ argument: 'key', message: 'has two keys of one type; a host has one of each' }];
  return [];
}

function keysIn(key = ''): HostKey[] {
  return key.split('\n').flatMap(line => parseHostKey(line) ?? []);
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

function replace(goal: Goal, text: string): Decision {
  return decideReplace(goal, contentOfText(text), {}, {});
}

/** ~/.ssh as ssh(1) makes it. */
function withDirectory(goal: Goal, text: string): Decision {
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

function isRevoked(text: string, key: HostKey): boolean {
  return text.split('\n').some(line => {
    const there = parseHostKey(line);
    return there?.marker === '@revoked' && there.blob === key.blob;
  });
}

function refuseRevoked(path: string, name: string, { type }: HostKey): Decision<State> {
  return refuse(
    `${path} says that this ${type} key of ${name} is revoked`,
    'Find out why: a host that has this key may not be the one you mean. If it is right again, remove the line.',
  );
}
