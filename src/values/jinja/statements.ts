import { isList } from './form.ts';
import { withNotes } from './notes.ts';
import { helperAt, type Place, placeAt } from './places.ts';
import type { Tag } from './tags.ts';
import { readJinja, translateJinja } from './translate.ts';

/** How a statement of Jinja is written here; `text` is the template in which it stands. */
export function statementHint(tag: Tag, text: string): string {
  const { word, rest, before, after } = tag;
  const place = placeAt(text, tag.offset);
  if (word === 'for') return loopHint(tag, text);
  const { notes } = readJinja(rest);
  if (word === 'if') return withNotes(`Write: ${blockOf(tag, `if ${conditionOf(rest, place)}`, place)}`, notes);
  if (word === 'elif') return withNotes(`Write: {{${before}else if ${conditionOf(rest, place)}${after}}}`, notes);
  if (Object.hasOwn(ends, word)) return `Write: {{${before}${ends[word]}${after}}}`;
  if (/raw$/.test(word)) return 'Write a backslash before braces that are text: \\{{ name }}';
  if (word === 'set') return `Give the task a variable: ${variableOf(rest)}`;
  return (Object.hasOwn(statements, word) ? statements[word] : undefined) ?? verbatim;
}

/** What goes on with a block, and what ends it. */
const ends: Readonly<Record<string, string>> = { else: 'else', endif: '/if', endfor: '/each' };

const verbatim =
  'Blocks of Handlebars are {{#if …}} and {{#each …}}. A text that has this in it verbatim ' +
  'comes from a file: copy, src.';
const macro = 'There are no macros: write the lines where they are used, once in {{#each list as |item|}} … {{/each}}.';
const oneFile = 'A template is one file: write the lines of the other one in its place.';

/** What to write for statements that nothing here is like. */
const statements: Readonly<Record<string, string>> = {
  macro,
  call: macro,
  import: macro,
  from: macro,
  include: oneFile,
  extends: oneFile,
  block: oneFile,
  filter: 'Call the function for each value: {{ upper name }}.',
};

/**
 * A block of Handlebars with all of its parts, each of which takes the blanks away that Jinja takes
 * away.
 */
function blockOf({ word, before, after, parts }: Tag, opening: string, place: Place): string {
  const name = word === 'for' ? 'each' : word;
  const pieces = parts.map(part => {
    const isElif = part.word === 'elif';
    const inner = isElif ? `else if ${conditionOf(part.rest, place)}` : part.word === 'else' ? 'else' : `/${name}`;
    return `{{${part.before}${inner}${part.after}}}`;
  });
  const isClosed = parts.at(-1)?.word === `end${word}`;
  return [`{{${before}#${opening}${after}}}`, ...pieces, ...(isClosed ? [] : [`{{/${name}}}`])].join(' … ');
}

/** `name = expression` as a variable of a task. */
function variableOf(text: string): string {
  const [, name = 'name', value = ''] = /^(\w+)\s*=\s*([\s\S]+)$/.exec(text) ?? [];
  const form = translateJinja(value);
  return `vars: {${name}: ${form ? `!expr ${JSON.stringify(form.cel)}` : '…'}}`;
}

/** An expression of Jinja as a block takes it. */
function conditionOf(text: string, place: Place): string {
  const form = translateJinja(text);
  if (!form) return 'value';
  if (form.helper === undefined) return `(cel ${inTemplate(form.cel)})`;
  const helper = helperAt(form.helper, place);
  return helper.includes(' ') ? `(${helper})` : helper;
}

/** `item in list`, `item in list if condition`, `key, value in map.items()`. */
function loopHint(tag: Tag, text: string): string {
  const [, written = 'item', list = 'list', condition] =
    /^([\w\s,]+?)\s+in\s+([\s\S]+?)(?:\s+if\s+((?:(?!\selse\s)[\s\S])+))?$/.exec(tag.rest) ?? [];
  const names = written.split(',').map(name => name.trim());
  const loop: Loop = { tag, names, list, condition, place: placeAt(text, tag.offset) };
  const outside = outsideNames(loop, text);
  const fields = `A bare name in it is a field of the item: write ${outside.join(', ')}`;
  const notes = [...readJinja(list).notes, ...(outside.length > 0 ? [fields] : [])];
  return withNotes(`Write: ${names.length > 1 ? pairLoop(loop) : listLoop(loop)}`, notes);
}

interface Loop {
  readonly tag: Tag;
  readonly names: readonly string[];
  readonly list: string;
  readonly condition: string | undefined;
  readonly place: Place;
}

function listLoop({ tag, names: [name = 'item'], list, condition, place }: Loop): string {
  const from = translateJinja(list);
  const test = condition === undefined ? undefined : translateJinja(condition);
  if (from && test) {
    const items = `(cel ${inTemplate(`${from.cel}.filter(${name}, ${test.cel})`)})`;
    return blockOf(tag, `each ${items} as |${name}|`, place);
  }
  const block = blockOf(tag, `each ${conditionOf(list, place)} as |${name}|`, place);
  if (!from?.helper || isList(from)) return block;
  // Jinja goes through the keys of a map, Handlebars through its values.
  const keys = conditionOf(`(${list}) | keys`, place);
  return `${block}. For the keys of a map: {{${tag.before}#each ${keys} as |${name}|${tag.after}}}`;
}

/** A loop with several names: the keys and values of a map, or the parts of each item. */
function pairLoop({ tag, names, list, condition, place }: Loop): string {
  const [, map, isSorted] = /^([\s\S]+?)(?:[.](?:items|iteritems)\(\)|\s*\|\s*(?:items|(dictsort)))$/.exec(list) ?? [];
  const test =
    condition === undefined ? '' : `, in it {{#if ${conditionOf(condition, inLoop(place, names))}}} … {{/if}}`;
  if (map !== undefined && names.length === 2) {
    const of = conditionOf(isSorted ? `${map} | sort_keys` : map, place);
    return `${blockOf(tag, `each ${of} as |${names.toReversed().join(' ')}|`, place)}${test}`;
  }
  const parts = names.map((name, at) => `{{ part.[${at}] }} for ${name}`);
  return `${blockOf(tag, `each ${conditionOf(list, place)} as |part|`, place)}, in it ${parts.join(', ')}`;
}

function inLoop({ locals, depth }: Place, names: readonly string[]): Place {
  return { locals: new Set([...locals, ...names]), depth: depth + 1 };
}

/** Braces with nothing but a path, which are read the same way in both languages. */
const pathBraces = /\{\{[-~]?\s*([A-Za-z_]\w*)((?:[.]\w+)*)\s*[-~]?\}\}/g;

/**
 * The braces in a loop, not in one inside it, with variables from outside: in a loop they have
 * `../` before them.
 */
function outsideNames({ tag, names, place }: Loop, text: string): readonly string[] {
  const end = tag.parts[0]?.offset ?? text.length;
  const here = inLoop(place, names);
  const found = [...text.matchAll(pathBraces)]
    .filter(({ index }) => index > tag.offset && index < end && placeAt(text, index).depth === here.depth)
    .filter(({ 1: name = '' }) => name !== 'loop' && name !== 'this' && !here.locals.has(name))
    .map(([, name = '', rest = '']) => `{{ ${helperAt(name + rest, here)} }}`);
  return [...new Set(found)];
}

/** An expression in the quotes of a template, in which a backslash is one. */
export function inTemplate(cel: string): string {
  // In a text of YAML double quotes are outside as a rule.
  return cel.includes("'") ? `"${cel.replaceAll('"', '\\"')}"` : `'${cel}'`;
}
