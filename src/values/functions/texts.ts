import { createHash } from 'node:crypto';
import { matchInTime } from '../../in-time.ts';
import { quote } from '../../shell/quote.ts';
import type { ValueFunction } from './function.ts';

const text = { name: 'text', type: 'string' } as const;

function hash(algorithm: 'sha1' | 'sha256' | 'sha512', gives: string): ValueFunction {
  return {
    name: algorithm,
    summary: `The ${algorithm} hash of a text, in hexadecimal.`,
    params: [text],
    returns: 'string',
    example: { args: ['a'], gives },
    call: (value: string) => createHash(algorithm).update(value).digest('hex'),
  };
}

/** Functions on texts. */
export const textFunctions: readonly ValueFunction[] = [
  {
    name: 'lower',
    summary: 'The text in small letters.',
    params: [text],
    returns: 'string',
    example: { args: ['HV1'], gives: 'hv1' },
    call: (value: string) => value.toLowerCase(),
  },
  {
    name: 'upper',
    summary: 'The text in capital letters.',
    params: [text],
    returns: 'string',
    example: { args: ['hv1'], gives: 'HV1' },
    call: (value: string) => value.toUpperCase(),
  },
  {
    name: 'trim',
    summary: 'The text without white space at its ends.',
    params: [text],
    returns: 'string',
    example: { args: [' a b\n'], gives: 'a b' },
    call: (value: string) => value.trim(),
  },
  {
    name: 'replace',
    summary: 'The text with each occurrence of one text replaced by another.',
    params: [text, { name: 'what', type: 'string' }, { name: 'by', type: 'string' }],
    returns: 'string',
    example: { args: ['a-b-c', '-', '_'], gives: 'a_b_c' },
    call: (value: string, what: string, by: string) => value.replaceAll(what, () => by),
  },
  {
    name: 'regex_replace',
    summary: 'The text with each match of a regular expression (of JavaScript) replaced; $1 is its first group.',
    params: [text, { name: 'regex', type: 'string' }, { name: 'by', type: 'string' }],
    returns: 'string',
    example: { args: ['vm12', '([a-z]+)([0-9]+)', '$2-$1'], gives: '12-vm' },
    call: (value: string, regex: string, by: string) =>
      matchInTime([regex], [value], () => value.replace(new RegExp(regex, 'g'), by)),
  },
  {
    name: 'regex_search',
    summary: 'The first match of a regular expression; null without one.',
    params: [text, { name: 'regex', type: 'string' }],
    returns: 'dyn',
    example: { args: ['id vm12', 'vm[0-9]+'], gives: 'vm12' },
    call: (value: string, regex: string) =>
      matchInTime([regex], [value], () => new RegExp(regex).exec(value)?.[0] ?? null),
  },
  {
    name: 'regex_findall',
    summary: 'Every match of a regular expression, or its first group if it has one.',
    params: [text, { name: 'regex', type: 'string' }],
    returns: 'list',
    example: { args: ['a1 b22', '[0-9]+'], gives: ['1', '22'] },
    call: (value: string, regex: string) =>
      matchInTime([regex], [value], () =>
        [...value.matchAll(new RegExp(regex, 'g'))].map(([whole, group]) => group ?? whole),
      ),
  },
  {
    name: 'regex_escape',
    summary: 'The text as a regular expression that matches it and nothing else.',
    params: [text],
    returns: 'string',
    example: { args: ['a.b'], gives: 'a\\.b' },
    call: (value: string) => value.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'),
  },
  {
    name: 'split',
    summary: 'The parts of a text between separators, or its words without a separator.',
    params: [text, { name: 'separator', type: 'string', optional: true }],
    returns: 'list',
    example: { args: ['a,b', ','], gives: ['a', 'b'] },
    call: (value: string, separator: string | undefined) =>
      separator === undefined ? value.split(/\s+/).filter(word => word !== '') : value.split(separator),
  },
  {
    name: 'indent',
    summary: 'The text with blanks before each of its lines but the empty ones; with false, also not before the first.',
    params: [text, { name: 'blanks', type: 'int' }, { name: 'first', type: 'bool', optional: true }],
    returns: 'string',
    example: { args: ['a\n\nb', 2], gives: '  a\n\n  b' },
    call: (value: string, blanks: number, first: boolean | undefined) =>
      value.replace(first === false ? /(?<=\n)(?=.)/g : /^(?=.)/gm, ' '.repeat(blanks)),
  },
  {
    name: 'capitalize',
    summary: 'The text with its first letter as a capital and all others small.',
    params: [text],
    returns: 'string',
    example: { args: ['hELLO'], gives: 'Hello' },
    call: (value: string) => value.slice(0, 1).toUpperCase() + value.slice(1).toLowerCase(),
  },
  {
    name: 'comment',
    summary: 'The text with a mark (# by default) before each line.',
    params: [text, { name: 'mark', type: 'string', optional: true }],
    returns: 'string',
    example: { args: ['a\n\nb', '//'], gives: '// a\n//\n// b' },
    call: (value: string, mark: string | undefined) =>
      value.replace(/^.*$/gm, line => `${mark ?? '#'} ${line}`.trimEnd()),
  },
  {
    name: 'quote',
    summary: 'The text as one word of a shell, in quotes if it needs some.',
    params: [text],
    returns: 'string',
    example: { args: ['a b'], gives: "'a b'" },
    call: quote,
  },
  hash('sha1', '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8'),
  hash('sha256', 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'),
  hash(
    'sha512',
    '1f40fc92da241694750979ee6cf582f2d5d7d28e18335de05abc54d0560e0f53' +
      '02860c652bf08d560252aa5e74210546f369fbbbce8c12cfc7957b2652fe9a75',
  ),
  {
    name: 'base64',
    summary: 'The text in base64.',
    params: [text],
    returns: 'string',
    example: { args: ['ä'], gives: 'w6Q=' },
    call: (value: string) => Buffer.from(value).toString('base64'),
  },
  {
    name: 'from_base64',
    summary: 'The text that is in base64.',
    params: [text],
    returns: 'string',
    example: { args: ['w6Q='], gives: 'ä' },
    call: (value: string) => Buffer.from(value, 'base64').toString(),
  },
];
