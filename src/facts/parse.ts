import { CannotTell } from '../shell/answer.ts';
import { type Look, map, printed } from '../shell/look.ts';
import type { ShellText } from '../shell/quote.ts';

/** Numbers of a kernel list: `0-2,8` is 0, 1, 2, 8; an empty text is none. */
export function parseRanges(text: string): number[] {
  return text
    .trim()
    .split(',')
    .filter(part => part !== '')
    .flatMap(part => {
      const [first = 0, last = first] = part.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, at) => first + at);
    });
}

/** `key: value` and `key value` lines by key, as /proc writes them. */
export function parseFields(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n').flatMap(line => {
      const [, key, value = ''] = /^([^:]+?)\s*:\s*(.*)$/.exec(line) ?? [];
      return key === undefined ? [] : [[key, value.trim()] as const];
    }),
  );
}

/** @throws CannotTell for text that is not JSON */
export function parseJson(text: string, program: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CannotTell(`${program} printed no JSON: ${JSON.stringify(text.slice(0, 200))}`);
  }
}

/** @throws CannotTell if it is missing */
export function need<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new CannotTell(`the host did not say its ${what}`);
  return value;
}

/** What a program prints, without blanks and newlines around it. */
export function trimmed(program: string, text: ShellText): Look<string> {
  return map(printed(program, text), found => found.trim());
}
