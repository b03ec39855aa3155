import type { ArgumentProblem } from '../../callable.ts';
import { isReadBack, type PublicKey, parseKey, saysNothing } from '../../host/ssh/public-key.ts';
import type { Args } from './schema.ts';

/** What is wrong with the keys that were given. */
export function problems(args: Args): ArgumentProblem[] {
  const { comment, ...rest } = args;
  const { key, state, exclusive, key_options } = rest;
  const lines = key.split('\n').filter(line => !saysNothing(line));
  const wrong = lines.find(line => !parseKey(line));
  if (lines.length === 0) return [{ argument: 'key', message: 'has no key in it' }];
  if (wrong !== undefined)
    return [{ argument: 'key', message: `is not a public key as ssh-keygen prints it: ${wrong.trim().slice(0, 60)}` }];
  if (keysIn(args).some(one => !isReadBack(one))) {
    const argument = keysIn(rest).some(one => !isReadBack(one)) ? 'key_options' : 'comment';
    const given = argument === 'comment' ? comment : key_options;
    return [
      { argument, message: `would not be read as it is meant in a line of authorized_keys: ${JSON.stringify(given)}` },
    ];
  }
  if (exclusive && state === 'absent')
    return [{ argument: 'exclusive', message: 'is for state present: no other keys than these' }];
  return [];
}

/** The keys that were given, with the options and the comment that they are to have. */
export function keysIn({ key, key_options, comment }: Pick<Args, 'key' | 'key_options' | 'comment'>): PublicKey[] {
  const keys = key.split('\n').flatMap(line => parseKey(line) ?? []);
  return keys.map(one => ({ ...one, options: key_options ?? one.options, comment: comment ?? one.comment }));
}
