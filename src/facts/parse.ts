import { accept, CannotTell } from '../shell/answer.ts';
import type { Answer } from '../shell/script.ts';

/** Numbers of a kernel list: `0-2,8` is 0, 1, 2, 8; an empty text is none. */
export function parseRanges(text: string): number[] {
  return text
    .trim()
    .split(',')
    .filter(part => part !== '')
    .flatMap(part => {
      const [first, last = first] = part.split('-').map(Number);
      return Array.from({ length: last! - first! + 1 }, (_, at) => first! + at);
    });
}

/** The files of a `grep -sH '' FILE…` with their first line. grep leaves with 1 or 2 where files are missing. */
export function readFiles(answer: Answer, section: string): ReadonlyMap<string, string> {
  const lines = accept(answer, section, [0, 1, 2], 'grep').stdout.split('\n');
  const files = new Map<string, string>();
  for (const line of lines) {
    const at = line.indexOf(':');
    if (at > 0 && !files.has(line.slice(0, at))) files.set(line.slice(0, at), line.slice(at + 1));
  }
  return files;
}

/** `key: value` and `key value` lines by key, as /proc writes them. */
export function parseFields(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n').flatMap(line => {
      const match = /^([^:]+?)\s*:\s*(.*)$/.exec(line);
      return match ? [[match[1]!, match[2]!.trim()] as const] : [];
    }),
  );
}

/** @throws CannotTell for text that is no JSON */
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
