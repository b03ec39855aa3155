import type { ArgumentProblem } from '../../callable.ts';
import { ok, type Refuse, refuse } from '../../decision.ts';
import { edited } from '../../host/lines/decide.ts';
import { saysNothing } from '../../host/ssh/public-key.ts';
import { all } from '../../shell/look.ts';
import { defineModule } from '../module.ts';
import { knownHostsFile, salt, withDirectory } from './file.ts';
import { type HostKey, isNamed, parseHostKey, withHostKeys, withoutHost } from './host-key.ts';
import { type Args, args, examples, returns } from './schema.ts';

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
  look: ({ path, hash_host }) => all({ file: knownHostsFile(path), salt: hash_host ? salt : undefined }),
  decide({ name, key, state, path }, { file, salt }) {
    const { goal } = file;
    const keys = keysIn(key);
    const result = { name, path: goal.path };
    const revoked = keys.find(one => isRevoked(file.text, one));
    if (state === 'present' && revoked) return refuseRevoked(goal.path, name, revoked);
    const text = state === 'present' ? withHostKeys(file.text, name, keys, salt) : withoutHost(file.text, name, keys);
    if (!goal.entry && text === '') return ok('the file is absent', { result });
    const decision = goal.homeless && path.startsWith('~/.ssh/') ? withDirectory(goal, text) : edited(file, text);
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

function isRevoked(text: string, key: HostKey): boolean {
  return text.split('\n').some(line => {
    const there = parseHostKey(line);
    return there?.marker === '@revoked' && there.blob === key.blob;
  });
}

function refuseRevoked(path: string, name: string, { type }: HostKey): Refuse {
  return refuse(
    `${path} says that this ${type} key of ${name} is revoked`,
    'Find out why: a host that has this key may not be the one you mean. If it is right again, remove the line.',
  );
}
