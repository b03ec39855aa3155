import { translateJinja } from './translate.ts';

/** What of Jinja a template has, in words, and how it is written here. */
interface Found {
  readonly offset: number;
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
const statement = new RegExp(`\\{%[-+]?\\s*(${words})\\b\\s*([\\s\\S]*?)\\s*[-+]?%\\}`);

/** A comment of Jinja. `\${#` is the shell's, `{{#` a block of Handlebars. */
const comment = /(?<![{$])\{#-?\s([\s\S]*?)\s-?#\}/;

/** The first statement or comment of Jinja, which Handlebars would take for text. */
export function findJinja(text: string): Found | undefined {
  const found = statement.exec(text);
  if (found) {
    const message = 'this is how Ansible writes it; here a template is Handlebars';
    return { offset: found.index, message, hint: statementHint(found[1]!, found[2]!) };
  }
  const [, note] = comment.exec(text) ?? [];
  if (note === undefined) return undefined;
  const message = 'this comment of Jinja would be a part of the text; here a template is Handlebars';
  return { offset: text.search(comment), message, hint: `Write: {{!-- ${note.replaceAll('--}}', '')} --}}` };
}

/** How the first braces of a template that hold an expression of Jinja are written here. */
export function jinjaHint(text: string, isValid: (template: string) => boolean): string | undefined {
  for (const [braces, inner] of text.matchAll(/\{\{-?\s*((?:'[^']*'|"[^"]*"|[^{}'"]|\{[^{}]*\})*?)\s*-?\}\}/g)) {
    if (isValid(braces)) continue;
    const form = translateJinja(inner!);
    if (!form) return undefined;
    const helper = form.helper === undefined ? undefined : `{{ ${form.helper} }}`;
    if (helper !== undefined && isValid(helper)) return `Write: ${helper}`;
    const call = `{{ cel ${inTemplate(form.cel)} }}`;
    if (!isValid(call)) return undefined;
    return text.trim() === braces ? `Write: !expr ${JSON.stringify(form.cel)}` : `Write: ${call}`;
  }
  return undefined;
}

/** What braces may hold, where nothing better can be said. */
export function bracesHint(text: string): string {
  const filter = /\{\{[^}|]*\|\s*([\w.]+)/.exec(text)?.[1];
  if (filter !== undefined) return `Nothing here does what "${filter}" does; see "hostwright doc functions".`;
  return 'Conditions and arithmetic are expressions: {{ cel "a + 1" }}, or !expr for a whole value.';
}

function statementHint(word: string, rest: string): string {
  if (/for$/.test(word)) return loopHint(rest);
  if (word === 'if' || word === 'elif') return `Write: {{#if ${conditionOf(rest)}}} … {{else}} … {{/if}}`;
  if (/^(endif|else)$/.test(word)) return 'Write: {{#if value}} … {{else}} … {{/if}}';
  if (/raw$/.test(word)) return 'Write a backslash before braces that are text: \\{{ name }}';
  if (word === 'set') return 'Give the task a variable: vars: {name: …}.';
  return 'Blocks of Handlebars are {{#if …}} and {{#each …}}. A text that has this in it verbatim comes from a file: copy, src.';
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
  const [first = 'item', second] = names.split(',').map(name => name.trim());
  const of = second === undefined ? list : list.replace(/[.](items|iteritems)\(\)$|\s*\|\s*dictsort$/, '');
  const params = second === undefined ? first : `${second} ${first}`;
  return `Write: {{#each ${of === '' ? 'list' : conditionOf(of)} as |${params}|}} … {{/each}}`;
}

/** An expression in the quotes of a template, in which a backslash is one. */
function inTemplate(cel: string): string {
  return `"${cel.replaceAll('"', '\\"')}"`;
}
