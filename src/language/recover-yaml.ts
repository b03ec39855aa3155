import { type Diagnostic, InvalidInput } from './diagnostic.ts';
import type { YamlSource } from './source.ts';

/** Lines that are given up before the file is. */
const most = 20;

/** Characters of a file that is read again for each of them. */
const largest = 500_000;

/**
 * Reads a file that is not YAML without the lines that are to blame, so that they hide nothing
 * else. An item of a list keeps its first key, if that is enough.
 * @param error of the whole text
 * @param parse reads text, and throws InvalidInput
 * @returns the error with all that is wrong, and what the rest says if it can be read
 */
export function recoverYaml(text: string, error: InvalidInput, parse: (text: string) => YamlSource): InvalidInput {
  if (text.length > largest) return error;
  const lines = text.split('\n');
  const found: Diagnostic[] = [...error.diagnostics];
  const lost = new Set<number>();
  for (let last = error.diagnostics.at(-1); last && lost.size < most; ) {
    const at = last.at.line - 1;
    if (last.unclear || lines[at] === '') break;
    lines[at] = lost.has(at) ? '' : firstKey(lines[at] ?? '');
    lost.add(at);
    try {
      return broken(text, { found, lost, rest: parse(lines.join('\n')) });
    } catch (next) {
      if (!(next instanceof InvalidInput)) throw next;
      found.push(...next.diagnostics.filter(one => !lost.has(one.at.line - 1)));
      if (next.broken?.rest) return broken(text, { found, lost, rest: next.broken.rest });
      last = next.diagnostics.at(-1);
    }
  }
  return error;
}

/** `- key:` of a line that begins an item of a list; nothing of any other. */
function firstKey(line: string): string {
  return /^\s*(?:- +)+[^\s#:'"{[][^:]*:(?= )/.exec(line)?.[0] ?? '';
}

interface Recovered {
  readonly found: readonly Diagnostic[];
  /** Lines that were left out, from 0. */
  readonly lost: ReadonlySet<number>;
  readonly rest: YamlSource;
}

function broken(text: string, { found, lost, rest }: Recovered): InvalidInput {
  const leftOut = text.split('\n').filter((_, at) => lost.has(at));
  const all = found.map(one => (lost.has(one.at.line - 1) ? { ...one, unread: true as const } : one));
  return new InvalidInput(all, { text: leftOut.join('\n'), rest: { ...rest, text } });
}
