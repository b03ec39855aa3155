import { messageOf } from '../errors.ts';
import { suggest } from '../language/suggest.ts';
import { expressionInYaml } from '../language/yaml-text.ts';
import { UndefinedName, ValueError } from './errors.ts';
import { functions } from './functions/index.ts';
import { insteadOf } from './jinja/insteads.ts';
import { withNotes } from './jinja/notes.ts';
import { readJinja, translateJinja } from './jinja/translate.ts';
import { operandProblem } from './operand-problems.ts';
import { parseExpression } from './parse-expression.ts';

/** Functions of CEL itself that are used most, and what other languages call them. */
const ownFunctions = [
  'size',
  'has',
  'int',
  'double',
  'string',
  'bool',
  'type',
  'matches',
  'contains',
  'startsWith',
  'endsWith',
];
const knownFunctions: ReadonlySet<string> = new Set([...ownFunctions, ...functions.map(one => one.name)]);
const otherNames: Readonly<Record<string, string>> = {
  len: 'size',
  length: 'size',
  count: 'size',
  str: 'string',
  float: 'double',
};

/**
 * An error of the CEL library as one of ours: in words, at its place, with the CEL form of what was
 * probably meant.
 */
export function translate(text: string, error: unknown): ValueError {
  const message = messageOf(error).replace(/\n[\s\S]*/, '');
  const { pos = 0, range } = (error as { node?: { pos?: number; range?: { start: number; end: number } } }).node ?? {};
  const subscript = subscriptOf(text, (error as { node?: unknown }).node);
  if (subscript && message.startsWith('No such key: ')) return missingItem(message.slice(13), subscript, pos, error);
  const [, missing] = /^(?:Unknown variable|No such key): (\S+)/.exec(message) ?? [];
  if (missing !== undefined) return undefinedPart(text, missing, pos, range);
  const cel = celForm(text);
  if (cel !== undefined) {
    return new ValueError('this is how Ansible writes it; here a condition is a CEL expression', {
      hint: withNotes(`In CEL: ${expressionInYaml(cel)}`, readJinja(text).notes),
      offset: pos,
      cause: error,
    });
  }
  const operand = operandProblem(text, message, pos);
  if (operand) return operand;
  const { reason, hint = insteadHint(text) } = explain(message);
  return new ValueError(`the expression is not valid: ${reason}`, { hint, offset: pos, cause: error });
}

/** `list[key]` as it is written, where the node is one. */
function subscriptOf(text: string, node: unknown): { readonly of: string; readonly key: string } | undefined {
  type Node = { readonly start: number; readonly end: number };
  const { op, left, right } = (node ?? {}) as { op?: string; left?: Node; right?: Node };
  if (op !== '[]' || !left || !right) return undefined;
  return { of: text.slice(left.start, left.end), key: text.slice(right.start, right.end) };
}

/**
 * A key that a map does not have, or a place that a list does not have; `item` is it in the CEL
 * library's words.
 */
function missingItem(
  item: string,
  { of, key }: { readonly of: string; readonly key: string },
  offset: number,
  cause: unknown,
): ValueError {
  const outside = /^index out of bounds/.test(item);
  const message = outside ? `"${of}" has no item [${key}]` : `"${of}" has no key "${item}"`;
  const hint = outside ? shorterHint(of, key) : `If it may be missing, ask first: ${key} in ${of} && …`;
  return new ValueError(message, { hint, offset, cause });
}

/** A place that a list does not have; a negative one counts from the end in Python. */
function shorterHint(list: string, place: string): string {
  const fromEnd = /^-(\d+)$/.exec(place)?.[1];
  if (fromEnd === '1') return `Write: last(${list})`;
  return fromEnd === undefined
    ? `If it may be shorter, ask first: size(${list}) > …`
    : `Write: ${list}[size(${list}) - ${fromEnd}]`;
}

function undefinedPart(
  text: string,
  name: string,
  offset: number,
  range: { readonly start: number; readonly end: number } | undefined,
): UndefinedName {
  const path = range && text.slice(range.start, range.end);
  const whole = path?.endsWith(`.${name}`) ? path : name;
  const hint = whole === name ? undefined : `If it may be missing, ask first: has(${whole}) && …`;
  return new UndefinedName(whole, { offset, hint });
}

function explain(message: string): { readonly reason: string; readonly hint?: string } {
  const unexpected = /^Unexpected (?:character|token): (.+)$/.exec(message)?.[1];
  if (unexpected === 'EOF') return { reason: 'it ends too early' };
  if (unexpected === '=') return { reason: 'unexpected "="', hint: 'Two values are compared with "==".' };
  const reserved = /^Reserved identifier: (\S+)/.exec(message)?.[1];
  if (reserved !== undefined) {
    const hint = 'A variable that an expression names needs another name.';
    return { reason: `"${reserved}" is a word of CEL's own`, hint };
  }
  if (unexpected !== undefined) return { reason: `unexpected ${unexpected.replace(/^'(.*)'$/, '$1')}` };
  const name = /^found no matching overload for '(?:[^'(]*\.)?(\w+)\(/.exec(message)?.[1];
  if (name !== undefined && !knownFunctions.has(name)) {
    const other = otherNames[name];
    const hint = other === undefined ? suggest(name, knownFunctions) : `Write "${other}".`;
    return { reason: `there is no function "${name}"`, ...(hint === undefined ? {} : { hint }) };
  }
  if (name === 'string' && /'string\((list|map)/.test(message)) {
    const hint = 'Write join(list, ", ") for a list of texts, or json(value).';
    return { reason: 'a list or a map has no text of its own', hint };
  }
  if (/^Ternary condition must be bool/.test(message))
    return { reason: 'what is before "?" must be true or false', hint: 'Put truthy(…) around it, or compare it.' };
  if (/^no such overload: !\w/.test(message))
    return { reason: '"!" goes before true or false', hint: 'Put truthy(…) around what is behind it.' };
  const [, left, operator, right] = /^no such overload: (\S+) (\S+) (\S+)$/.exec(message) ?? [];
  if (left !== undefined && right !== undefined)
    return { reason: `"${operator}" does not go between ${typeName(left)} and ${typeName(right)}` };
  return { reason: message };
}

function typeName(type: string): string {
  const names: Readonly<Record<string, string>> = {
    int: 'a whole number',
    double: 'a number',
    string: 'a text',
    bool: 'true or false',
    list: 'a list',
    map: 'a map',
  };
  return names[type] ?? type;
}

function insteadHint(text: string): string | undefined {
  const { missing } = readJinja(text);
  return missing === undefined || knownFunctions.has(missing) ? undefined : insteadOf(missing);
}

/** The CEL form of an expression in Ansible's words, where it is one and CEL can say it. */
export function celForm(text: string): string | undefined {
  const form = translateJinja(text)?.cel;
  if (form === undefined || form === text) return undefined;
  try {
    return parseExpression(form).parsed.check().valid ? form : undefined;
  } catch {
    // What CEL does not take either would only lead to the next error.
    return undefined;
  }
}
