import type { ArgumentProblem } from '../../callable.ts';
import { saysNothing } from '../../host/ssh/public-key.ts';
import { type HostKey, isNamed, parseHostKey } from './host-key.ts';
import type { Args } from './schema.ts';

/** What is wrong with the keys that were given. */
export function problems({ name, key, state, hash_host }: Args): ArgumentProblem[] {
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

/** The keys that were given. */
export function keysIn(key = ''): HostKey[] {
  return key.split('\n').flatMap(line => parseHostKey(line) ?? []);
}
