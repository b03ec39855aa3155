import type { Node } from 'oxc-parser';
import { nodesBelow } from './syntax.ts';

/**
 * A character of shell text, and the part of the source that makes it. What stands between braces
 * is one {@link hole}.
 */
export type ShellCharacter = { char: string; start: number; end: number };

/** Stands for a value that only the program knows. */
export const hole = '\uFFFC';

const escaped: Record<string, string> = { n: '\n', t: '\t', r: '\r', '0': '\0' };

/**
 * The templates and literals below a node that are shell text: tagged sh`, or passed to raw(). In
 * order.
 */
export function shellTextsIn(program: Node): Node[] {
  return [...nodesBelow(program)].flatMap(node => {
    if (node.type === 'TaggedTemplateExpression' && isNamed(node.tag, 'sh')) return [node.quasi];
    if (node.type === 'CallExpression' && isNamed(node.callee, 'raw')) return node.arguments.flatMap(literalsOf);
    return [];
  });
}

function isNamed(node: Node, name: string): boolean {
  return node.type === 'Identifier' && node.name === name;
}

function literalsOf(node: Node): Node[] {
  if (node.type === 'TemplateLiteral') return [node];
  if (node.type === 'Literal') return typeof node.value === 'string' ? [node] : [];
  if (node.type === 'ConditionalExpression') return [node.consequent, node.alternate].flatMap(literalsOf);
  if (node.type === 'BinaryExpression') return [node.left, node.right].flatMap(literalsOf);
  return node.type === 'LogicalExpression' ? literalsOf(node.right) : [];
}

/** The characters of a literal or template, as the shell will see them. */
export function charactersOf(source: string, literal: Node): ShellCharacter[] {
  const holes = literal.type === 'TemplateLiteral' ? literal.expressions : [];
  const characters: ShellCharacter[] = [];
  const end = literal.end - 1;
  for (let at = literal.start + 1; at < end; ) {
    const expression = source.startsWith('${', at) ? holes.find(({ start }) => start >= at) : undefined;
    const next = expression ? source.indexOf('}', expression.end) + 1 : at + (source[at] === '\\' ? 2 : 1);
    const char = expression ? hole : readCharacter(source.slice(at, next));
    characters.push({ char, start: at, end: next });
    at = next;
  }
  return characters;
}

function readCharacter(text: string): string {
  const second = text[1];
  return second === undefined ? text : (escaped[second] ?? second);
}

/** The text of a shell text, with {@link hole} for each value. */
export function textOf(characters: ShellCharacter[]): string {
  return characters.map(({ char }) => char).join('');
}
