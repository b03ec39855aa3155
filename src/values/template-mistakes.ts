import { messageOf } from '../errors.ts';
import { UndefinedName, ValueError } from './errors.ts';
import { isAnsibleFact } from './foreign-reference.ts';
import { foreignNameHint } from './jinja/foreign-names.ts';
import { bracesHint, findJinja, jinjaHint, jinjaMessage } from './jinja/in-template.ts';
import { placeAt } from './jinja/places.ts';
import { tilde } from './jinja/tags.ts';
import { templateReferences } from './references.ts';
import { handlebars } from './strict-text.ts';

/** A part of a template that is wrong by itself. */
interface Mistake {
  readonly offset: number;
  readonly length: number;
  readonly error: ValueError;
}

/**
 * Braces that put a value in, with an expression of Jinja at most; not those of blocks and
 * comments.
 */
const braces = new RegExp(
  [
    String.raw`(?<!\\|\{)\{\{(?<left>-?)\s*`,
    String.raw`(?![{#/^!>&*~]|else\b)`,
    String.raw`(?<inner>(?:'[^']*'|"[^"]*"|[^{}'"]|\{[^{}]*\})*?)`,
    String.raw`\s*(?<right>-?)\}\}`,
  ].join(''),
  'g',
);

/**
 * What is wrong with the form of a template, as far as one mistake does not follow from another.
 */
export function mistakesIn(text: string): readonly ValueError[] {
  const found = findJinja(text);
  const jinja = found.map(({ offset, length, message, hint }) => {
    return { offset, length, error: new ValueError(message, { hint, offset }) };
  });
  const plain = without(jinja, text);
  const wrong = [...plain.matchAll(braces)].flatMap(({ 0: piece, index: offset, groups: parts = {} }) => {
    const { inner = '', left, right } = parts;
    const error = errorOf(piece);
    if (!error)
      return ansiblesName(inner, text.indexOf(inner, offset)).map(named => ({
        offset,
        length: piece.length,
        error: named,
      }));
    const at = { isAll: text.trim() === piece, place: placeAt(text, offset), before: tilde(left), after: tilde(right) };
    const hint = jinjaHint({ inner, ...at }, isValid);
    const isJinja = hint !== undefined && (hint.startsWith('Write: ') || error.message.startsWith(unreadable));
    const said = isJinja ? new ValueError(jinjaMessage, { hint, offset }) : moved(error, offset);
    return [{ offset, length: piece.length, error: said }];
  });
  // A block of Handlebars that a statement of Jinja ends is not closed only because of that.
  const rest = found.some(({ endsBlock }) => endsBlock) ? undefined : errorOf(without(wrong, plain));
  const all = [...jinja, ...wrong].toSorted((one, other) => one.offset - other.offset);
  return [...all.map(({ error }) => error), ...(rest ? [rest] : [])];
}

/**
 * A name that only Ansible gives a value, which is not looked up where the rest of the text cannot
 * be read.
 */
function ansiblesName(path: string, offset: number): readonly ValueError[] {
  const [name = ''] = path.split('.');
  const isTheirs = /^[\w.]+$/.test(path) && (name === 'loop' || isAnsibleFact(name));
  return isTheirs ? [new UndefinedName(path, { hint: foreignNameHint(path), offset })] : [];
}

/** The text with blanks where its mistakes are, so that all else keeps its place. */
function without(mistakes: readonly Mistake[], text: string): string {
  return mistakes.reduce((left, { offset, length }) => {
    const blanks = left.slice(offset, offset + length).replace(/[^\n]/g, ' ');
    return left.slice(0, offset) + blanks + left.slice(offset + length);
  }, text);
}

function moved({ message, hint, offset: at = 0 }: ValueError, offset: number): ValueError {
  return new ValueError(message, { hint, offset: offset + at });
}

/** Whether a template has no mistake: what a hint says to write must not lead to the next error. */
function isValid(text: string): boolean {
  return errorOf(text) === undefined;
}

function errorOf(text: string): ValueError | undefined {
  try {
    templateReferences(parseTemplate(text), node => offsetIn(text, node));
    return undefined;
  } catch (error) {
    if (error instanceof ValueError) return error;
    throw error;
  }
}

/** How the message begins of what Handlebars cannot read. */
const unreadable = 'the template cannot be read: ';

/** @throws ValueError at the line that cannot be read */
export function parseTemplate(text: string): hbs.AST.Program {
  try {
    return handlebars().parse(text);
  } catch (error) {
    const line = Number(/line (\d+)/.exec(messageOf(error))?.[1] ?? 1);
    const offset = text
      .split('\n')
      .slice(0, line - 1)
      .join('\n').length;
    const message = `${unreadable}${reasonOf(messageOf(error))}`;
    throw new ValueError(message, { hint: bracesHint(text), offset });
  }
}

/** Where a part of a template begins, in characters from its start. */
export function offsetIn(text: string, { loc }: Pick<hbs.AST.Node, 'loc'>): number {
  const lines = text.split('\n').slice(0, loc.start.line - 1);
  return lines.reduce((sum, line) => sum + line.length + 1, 0) + loc.start.column;
}

function reasonOf(message: string): string {
  const last = message.split('\n').at(-1) ?? '';
  const got = /got '(\w+)'$/.exec(last)?.[1];
  if (got === 'EOF') return 'it ends before a block is closed';
  if (got === 'INVALID') return 'a {{ is not closed, or holds neither a path nor a helper';
  return got === undefined ? last : 'what is in a {{ }} is neither a path nor a helper';
}
