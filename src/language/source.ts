import type { ScalarText } from './scalar-offset.ts';

/** Where something is in a file; line and column count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A way into a YAML document: keys and list indexes. */
export type Path = readonly (string | number)[];

/** A parsed YAML file: plain values, and where each of them stands. */
export interface YamlSource {
  readonly file: string;
  readonly text: string;
  /** The document as frozen plain data; `!expr` scalars are {@link Expression}s. */
  readonly value: unknown;
  /**
   * Position of the value at a path (of its character `offset`, in a text), or of its nearest
   * ancestor that exists.
   */
  readonly at: (path: Path, offset?: number) => Position;
  /** How the text at a path is written; undefined where nothing is that could have quotes. */
  readonly styleAt: (path: Path) => ScalarText['style'] | undefined;
  /** Position of the key at a path. */
  readonly keyAt: (path: Path) => Position;
  /**
   * What Ansible would read as something else. Whoever reads a file that Ansible has too tells of
   * them.
   */
  readonly doubts: readonly Doubt[];
}

/** A value that probably does not mean what it seems to mean. */
export interface Doubt {
  readonly at: Position;
  readonly message: string;
  readonly hint: string;
  /**
   * A word for true or false that is not the value of a variable: an argument or a keyword may be a
   * text.
   */
  readonly inText?: true;
}

/** A CEL expression that takes a value's place (`!expr "size(domains) + 1"`). */
export interface Expression {
  readonly [expressionMark]: string;
}

const expressionMark = Symbol('expression');

/** Makes an {@link Expression} of CEL text. */
export function expression(text: string): Expression {
  return Object.freeze({ [expressionMark]: text });
}

/** The CEL text of an {@link Expression}; undefined for any other value. */
export function expressionText(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && expressionMark in value
    ? (value as Expression)[expressionMark]
    : undefined;
}

/** Part of a YAML file: the file and the path of the part. */
export interface Part {
  readonly source: YamlSource;
  readonly path: Path;
}

/** A file of plain text (a template) as a part, so that problems in it have a place. */
export function textPart(file: string, text: string): Part {
  const at = (_path: Path, offset = 0): Position => {
    const before = text.slice(0, offset);
    const line = before.split('\n').length;
    return { file, line, column: before.length - before.lastIndexOf('\n') };
  };
  return { source: { file, text, value: text, at, styleAt: () => undefined, keyAt: at, doubts: [] }, path: [] };
}

/** A part of a part. */
export function inside(part: Part, ...path: Path): Part {
  return { source: part.source, path: [...part.path, ...path] };
}

/** Where a part's value stands; with an offset, the character of a text. */
export function positionOf(part: Part, offset?: number): Position {
  return part.source.at(part.path, offset);
}

/** The first word of a part's value as it is written in the file. */
export function wordAt(part: Part): string | undefined {
  const { line, column } = positionOf(part);
  const text = part.source.text.split('\n')[line - 1] ?? '';
  return /^[^\s,\]}]+/.exec(text.slice(column - 1))?.[0];
}

/** Where a part's key stands. */
export function keyPositionOf(part: Part): Position {
  return part.source.keyAt(part.path);
}

/** True for a text with `{{ }}` in it, and for an {@link Expression}. */
export function isEvaluated(value: unknown): boolean {
  return expressionText(value) !== undefined || (typeof value === 'string' && value.includes('{{'));
}

/** Whether a value or a part of it is evaluated. */
export function hasEvaluated(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasEvaluated);
  return isMap(value) ? Object.values(value).some(hasEvaluated) : isEvaluated(value);
}

/** True for a map of YAML: a plain object that is not an expression. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && expressionText(value) === undefined;
}
