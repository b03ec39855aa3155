import { parse } from 'yaml';
import { exitCodes, HostwrightError } from '../../errors.ts';
import { collectProblems } from '../../language/problems.ts';
import { isMap } from '../../language/source.ts';
import { readYaml } from '../../language/yaml.ts';
import { rawWords } from '../../words.ts';

export interface ExtraVars {
  readonly values: Readonly<Record<string, unknown>>;
  /**
   * Names whose values are text of the command line, to be converted by the schema they land in.
   */
  readonly texts: ReadonlySet<string>;
  /** The names that each file has given, by its path. */
  readonly files: ReadonlyMap<string, readonly string[]>;
}

/**
 * Reads `-e`: `k=v` pairs, JSON (or YAML) maps, `@FILE`.
 * @throws HostwrightError `extra-vars`, InvalidInput
 */
export function readExtraVars(given: readonly string[]): ExtraVars {
  const values: Record<string, unknown> = {};
  const texts = new Set<string>();
  const files = new Map<string, readonly string[]>();
  for (const item of given) {
    const read = item.startsWith('@')
      ? readFile(item.slice(1))
      : item.trimStart().startsWith('{')
        ? parseInline(item)
        : undefined;
    if (read !== undefined) {
      if (!isMap(read)) throw wrong(item);
      if (item.startsWith('@')) files.set(item.slice(1), Object.keys(read));
      for (const [name, value] of Object.entries(read)) {
        values[name] = value;
        texts.delete(name);
      }
      continue;
    }
    for (const [name, text] of pairs(item)) {
      values[name] = text;
      texts.add(name);
    }
  }
  return { values, texts, files };
}

function pairs(item: string): readonly (readonly [string, string])[] {
  return rawWords(item).map(word => {
    const at = word.indexOf('=');
    if (at <= 0) throw wrong(item);
    return [word.slice(0, at), word.slice(at + 1).replace(/^(["'])(.*)\1$/, '$2')];
  });
}

function parseInline(text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw wrong(text, cause);
  }
}

function readFile(path: string): unknown {
  const source = readYaml(path);
  const problems = collectProblems();
  problems.doubts(source, 'variables');
  problems.throwIfAny();
  return source.value;
}

function wrong(item: string, cause?: unknown): HostwrightError {
  return new HostwrightError('extra-vars', `--extra-vars cannot use "${item}".`, {
    hint: 'Give k=v, a JSON map, or @FILE.',
    exitCode: exitCodes.usage,
    cause,
  });
}
