import { readFileSync } from 'node:fs';
import {
  type Document,
  isScalar,
  isSeq,
  isMap as isYamlMap,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  type ScalarTag,
  type YAMLError,
} from 'yaml';
import { certain, messageOf } from '../errors.ts';
import { type Diagnostic, diagnose, InvalidInput } from './diagnostic.ts';
import { recoverYaml } from './recover-yaml.ts';
import { type ScalarText, sourceOffset } from './scalar-offset.ts';
import { expression, expressionText, type Path, type Position, type YamlSource } from './source.ts';
import type { YamlProblem } from './yaml-mistakes.ts';
import { aliasProblem, depthProblem, yamlProblem } from './yaml-problems.ts';
import { otherThanYaml11 } from './yaml-versions.ts';

/** `!expr "…"`: a CEL expression in a value's place, read and written. */
export const exprTag: ScalarTag = {
  tag: '!expr',
  resolve: text => expression(text),
  identify: value => expressionText(value) !== undefined,
  stringify: ({ value }) => JSON.stringify(expressionText(value)),
};

/**
 * Reads a YAML file.
 * @param name how the file is called in messages; the path as the user gave it.
 * @throws InvalidInput if it cannot be read or is not YAML 1.2 with unique string keys.
 */
export function readYaml(path: string, name = path): YamlSource {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const at = { file: name, line: 1, column: 1 };
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const message = missing ? 'the file does not exist' : `the file cannot be read: ${messageOf(error)}`;
    throw new InvalidInput([{ at, message }]);
  }
  return parseYaml(text, name);
}

/** Parses YAML text; see {@link readYaml}. Merge keys (`<<`) are on; an unknown tag is an error. */
export function parseYaml(text: string, file: string): YamlSource {
  try {
    return parseWhole(text, file);
  } catch (error) {
    if (!(error instanceof InvalidInput) || error.broken?.rest) throw error;
    throw recoverYaml(text, error, shorter => parseWhole(shorter, file));
  }
}

function parseWhole(text: string, file: string): YamlSource {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    merge: true,
    strict: true,
    uniqueKeys: true,
    stringKeys: true,
    prettyErrors: false,
    lineCounter,
    customTags: [exprTag],
  });
  const position = (offset: number): Position => {
    const { line, col } = lineCounter.linePos(offset);
    return { file, line, column: col };
  };
  const tell = ({ offset, message, hint, unclear }: YamlProblem): Diagnostic => ({
    ...diagnose(text, position(offset), message, hint),
    ...(unclear && { unclear }),
  });
  const problems = tellable([...document.errors, ...document.warnings]).map(({ pos, message }) =>
    tell(yamlProblem(document, text, pos[0], message)),
  );
  if (document.errors.some(({ code }) => !readable.has(code))) throw new InvalidInput(problems, { text });
  const deep = depthProblem(document);
  if (deep) throw new InvalidInput([...problems, tell(deep)], { text });

  const root = document.contents as Node | null;
  const start = position(root?.range?.[0] ?? 0);
  const find = (path: Path) => locate(root, path);
  const source: YamlSource = Object.freeze({
    file,
    text,
    value: toPlain(document, text, tell),
    at: (path: Path, offset = 0) => {
      const node = find(path).value;
      if (!node?.range) return start;
      const inside = offset > 0 && isScalar(node) ? sourceOffset(scalarText(node, text), offset) : 0;
      return position(node.range[0] + inside);
    },
    styleAt: (path: Path) => {
      const { value } = find(path);
      return isScalar(value) && value.range ? scalarText(value, text).style : undefined;
    },
    keyAt: (path: Path) => {
      const { key, value } = find(path);
      const range = key?.range ?? value?.range;
      return range ? position(range[0]) : start;
    },
    doubts: otherThanYaml11(document).map(({ offset, ...words }) => ({ at: position(offset), ...words })),
  });
  if (problems.length > 0) throw new InvalidInput(problems, { text: '', rest: source });
  return source;
}

/** Errors in spite of which a file says what it says everywhere else. */
const readable: ReadonlySet<string> = new Set(['DUPLICATE_KEY', 'TAG_RESOLVE_FAILED', 'BAD_DQ_ESCAPE']);

/** Errors after which the rest of a file is read all the same. */
const harmless: ReadonlySet<string> = new Set([...readable, 'BAD_ALIAS']);

/** The errors that tell of a mistake of their own: what comes after a broken place is misread. */
function tellable(errors: readonly YAMLError[]): readonly YAMLError[] {
  const first = [/^(Tabs are not allowed|Maximum call stack)/, /^Missing closing .*quote/, /single line/]
    .map(words => errors.find(({ message }) => words.test(message)))
    .find(error => error !== undefined);
  if (first) return [first];
  const sorted = errors.toSorted((a, b) => a.pos[0] - b.pos[0]);
  const broken = sorted.findIndex(({ code }) => !harmless.has(code));
  return broken < 0 ? sorted : sorted.slice(0, broken + 1);
}

function scalarText(node: Scalar, text: string): ScalarText {
  const [start, end] = certain(node.range ?? undefined, 'the place of a scalar');
  const styles: Record<string, ScalarText['style']> = {
    QUOTE_SINGLE: 'single',
    QUOTE_DOUBLE: 'double',
    PLAIN: 'plain',
  };
  const style = styles[node.type ?? 'PLAIN'] ?? 'block';
  return { source: text.slice(start, end), style, value: expressionText(node.value) ?? String(node.value) };
}

function toPlain(document: Document, text: string, tell: (problem: YamlProblem) => Diagnostic): unknown {
  try {
    return deepFreeze(document.toJS({ maxAliasCount: 100 }));
  } catch (error) {
    throw new InvalidInput([tell(aliasProblem(document, messageOf(error)))], { text });
  }
}

/** The node at a path and its key; where the path leads nowhere, the nearest ancestor. */
function locate(root: Node | null, path: Path): { key?: Node | undefined; value: Node | null } {
  let found: { key?: Node | undefined; value: Node | null } = { value: root };
  for (const step of path) {
    const { value } = found;
    if (isYamlMap(value)) {
      const pair = value.items.find(item => isScalar(item.key) && item.key.value === step) as
        | Pair<Node, Node>
        | undefined;
      if (!pair) return found;
      found = { key: pair.key, value: pair.value ?? pair.key };
    } else if (isSeq(value) && typeof step === 'number' && value.items[step]) {
      found = { value: value.items[step] as Node };
    } else {
      return found;
    }
  }
  return found;
}

/** Freezes data all the way down; expressions are frozen already. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
