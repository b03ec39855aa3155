import { insteadOf } from './insteads.ts';
import { readJinja, translateJinja } from './translate.ts';

/** What of Jinja a template has, in words, and how it is written here. */
interface Found {
  readonly offset: number;
  readonly length: number;
  readonly message: string;
  readonly hint: string;
}

const words = [
  ...['if', 'elif', 'else', 'endif', 'for', 'endfor', 'set', 'endset', 'block', 'endblock', 'macro', 'endmacro'],
  ...[
    'include',
    'extends',
    'import',
    'from',
    'raw',
    'endraw',
    'call',
    'endcall',
    'filter',
    'endfilter',
    'with',
    'endwith',
  ],
  ...['autoescape', 'endautoescape', 'do', 'break', 'continue', 'trans', 'endtrans'],
].join('|');
const statement = new RegExp(`\\{%[-+]?\\s*(${words})\\b\\s*([\\s\\S]*?)\\s*[-+]?%\\}`, 'g');

/** A comment of Jinja. `\${#` is the shell's, `{{#` a block of Handlebars. */
const comment = /(?<![{$])\{#-?\s([\s\S]*?)\s-?#\}/g;

/** The first line of a template that sets options of Jinja. */
const options = /^#jinja2:.*/g;

/** The statements, comments and options of Jinja in a text, which Handlebars would take for text. */
export function findJinja(text: string): readonly Found[] {
  if (!text.includes('{%') && !text.includes('{#') && !text.startsWith('#jinja2:')) return [];
  const settings = [...text.matchAll(options)].map(({ 0: { length }, index }) => {
    const message = 'this line of options for Jinja would be a part of the text; here a template is Handlebars';
    const hint = 'Take the line out. A line with nothing but a block is not in the result; {{~ ~}} takes blanks away.';
    return { offset: index, length, message, hint };
  });
  const all = [...text.matchAll(statement)];
  // What ends a statement, or goes on with it, is a part of what that is written as.
  const begun = all.filter(({ 1: word = '' }, at) => at === 0 || !/^(end|el)/.test(word));
  const statements = begun.map(({ 0: { length }, 1: word = '', 2: rest = '', index }) => {
    const message = 'this is how Ansible writes it; here a template is Handlebars';
    return { offset: index, length, message, hint: statementHint(word, rest) };
  });
  const comments = [...text.matchAll(comment)].map(({ 0: { length }, 1: note = '', index }) => {
    const message = 'this comment of Jinja would be a part of the text; here a template is Handlebars';
    return { offset: index, length, message, hint: `Write: {{!-- ${note.replaceAll('--}}', '')} --}}` };
  });
  return [...settings, ...statements, ...comments];
}

/** Braces of a template that hold what may be an expression of Jinja. */
interface Braces {
  /** What is in them. */
  readonly inner: string;
  /** Whether they are all of the text. */
  readonly isAll: boolean;
}

/** How braces with an expression of Jinja are written here. */
export function jinjaHint({ inner, isAll }: Braces, isValid: (template: string) => boolean): string | undefined {
  const { form, missing } = readJinja(inner);
  if (!form) return missing === undefined ? undefined : insteadOf(missing);
  const helper = form.helper === undefined ? undefined : `{{ ${form.helper} }}`;
  if (helper !== undefined && isValid(helper)) return `Write: ${helper}`;
  const call = `{{ cel ${inTemplate(form.cel)} }}`;
  if (!isValid(call)) return undefined;
  return isAll && !form.cel.includes('@') ? `Write: !expr ${JSON.stringify(form.cel)}` : `Write: ${call}`;
}

/** What braces may hold, where nothing better can be said. */
export function bracesHint(text: string): string {
  const { missing } = readJinja(/\{\{-?([^{}]*?)-?\}\}/.exec(text)?.[1] ?? '');
  if (missing !== undefined) return insteadOf(missing);
  return 'Conditions and arithmetic are expressions: {{ cel "a + 1" }}, or !expr for a whole value.';
}

function statementHint(word: string, rest: string): string {
  if (/for$/.test(word)) return loopHint(rest);
  if (word === 'if' || word === 'elif') return `Write: {{#if ${conditionOf(rest)}}} … {{else}} … {{/if}}`;
  if (/^(endif|else)$/.test(word)) return 'Write: {{#if value}} … {{else}} … {{/if}}';
  if (/raw$/.test(word)) return 'Write a backslash before braces that are text: \\{{ name }}';
  if (word === 'set') return `Give the task a variable: ${variableOf(rest)}`;
  return Object.hasOwn(statements, word) ? statements[word]! : verbatim;
}

const verbatim =
  'Blocks of Handlebars are {{#if …}} and {{#each …}}. A text that has this in it verbatim comes from a file: copy, src.';
const macro = 'There are no macros: write the lines where they are used, once in {{#each list as |item|}} … {{/each}}.';
const oneFile = 'A template is one file: write the lines of the other one in its place.';

/** What to write for statements that nothing here is like. */
const statements: Readonly<Record<string, string>> = {
  ...{ macro, call: macro, import: macro, from: macro },
  ...{ include: oneFile, extends: oneFile, block: oneFile },
  filter: 'Call the function for each value: {{ upper name }}.',
};

/** `name = expression` as a variable of a task. */
function variableOf(text: string): string {
  const [, name = 'name', value = ''] = /^(\w+)\s*=\s*([\s\S]+)$/.exec(text) ?? [];
  const form = translateJinja(value);
  return `vars: {${name}: ${form ? `!expr ${JSON.stringify(form.cel)}` : '…'}}`;
}

function conditionOf(text: string): string {
  const form = translateJinja(text);
  if (!form) return 'value';
  if (form.helper === undefined) return `(cel ${inTemplate(form.cel)})`;
  return form.helper.includes(' ') ? `(${form.helper})` : form.helper;
}

/** `item in list`, `key, value in map.items()`. */
function loopHint(text: string): string {
  const [, names = 'item', list = ''] = /^([\w\s,]+?)\s+in\s+([\s\S]+)$/.exec(text) ?? [];
  const filtered = filteredList(names.trim(), list);
  if (filtered !== undefined) return `Write: {{#each (cel ${filtered}) as |${names.trim()}|}} … {{/each}}`;
  const [first = 'item', second] = names.split(',').map(name => name.trim());
  const of = second === undefined ? list : mapOf(list);
  const params = second === undefined ? first : `${second} ${first}`;
  return `Write: {{#each ${of === '' ? 'list' : conditionOf(of)} as |${params}|}} … {{/each}}`;
}

/** The map of which a loop has keys and values: itself, or with its keys in order. */
function mapOf(list: string): string {
  const [, map, isSorted] = /^([\s\S]+?)(?:[.](?:items|iteritems)\(\)|\s*\|\s*(?:items|(dictsort)))$/.exec(list) ?? [];
  if (map === undefined) return list;
  return isSorted ? `${map} | sort_keys` : map;
}

/** `list if condition`: the items of the list for which it holds. */
function filteredList(name: string, text: string): string | undefined {
  const [, list = '', condition = ''] = /^([\s\S]+?)\s+if\s+([\s\S]+)$/.exec(text) ?? [];
  const [from, test] = [translateJinja(list), translateJinja(condition)];
  return from && test && inTemplate(`${from.cel}.filter(${name}, ${test.cel})`);
}

/** An expression in the quotes of a template, in which a backslash is one. */
function inTemplate(cel: string): string {
  // In a text of YAML double quotes are outside as a rule.
  return cel.includes("'") ? `"${cel.replaceAll('"', '\\"')}"` : `'${cel}'`;
}
