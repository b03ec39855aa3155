import { insteadOf } from './insteads.ts';
import { withNotes } from './notes.ts';
import { helperAt, type Place } from './places.ts';
import { inTemplate, statementHint } from './statements.ts';
import { goesOn, tagsIn, tilde } from './tags.ts';
import { readJinja } from './translate.ts';

/** What is said of Jinja in a template. */
export const jinjaMessage = 'this is how Ansible writes it; here a template is Handlebars';

/** What of Jinja a template has, in words, and how it is written here. */
interface Found {
  readonly offset: number;
  readonly length: number;
  readonly message: string;
  readonly hint: string;
  /** True for what ends a block, or goes on with one, that is not in the same language. */
  readonly endsBlock?: true;
}

/** A comment of Jinja. `\${#` is the shell's, `{{#` a block of Handlebars. */
const comment = /(?<![{$])\{#(-?)\s([\s\S]*?)\s(-?)#\}/g;

/** The first line of a template that sets options of Jinja. */
const options = /^#jinja2:.*/g;

/**
 * The statements, comments and options of Jinja in a text, which Handlebars would take for text.
 */
export function findJinja(text: string): readonly Found[] {
  if (!text.includes('{%') && !text.includes('{#') && !text.startsWith('#jinja2:')) return [];
  const settings = [...text.matchAll(options)].map(({ 0: { length }, index }) => {
    const message = 'this line of options for Jinja would be a part of the text; here a template is Handlebars';
    const hint = 'Take the line out. A line with nothing but a block is not in the result; {{~ ~}} takes blanks away.';
    return { offset: index, length, message, hint };
  });
  const statements = tagsIn(text).map(tag => {
    const { offset, length, word } = tag;
    return {
      offset,
      length,
      message: jinjaMessage,
      hint: statementHint(tag, text),
      ...(goesOn(word) && { endsBlock: true as const }),
    };
  });
  const comments = [...text.matchAll(comment)].map(({ 0: { length }, 1: left, 2: note = '', 3: right, index }) => {
    const message = 'this comment of Jinja would be a part of the text; here a template is Handlebars';
    const [before, after] = [left, right].map(tilde);
    return {
      offset: index,
      length,
      message,
      hint: `Write: {{${before}!-- ${note.replaceAll('--}}', '')} --${after}}}`,
    };
  });
  return [...settings, ...statements, ...comments];
}

/** Braces of a template that hold what may be an expression of Jinja. */
interface Braces {
  /** What is in them. */
  readonly inner: string;
  /** Whether they are all of the text. */
  readonly isAll: boolean;
  readonly place: Place;
  /** `~` where they take the blanks before them away, or those behind them. */
  readonly before?: '~' | '';
  readonly after?: '~' | '';
}

/** How braces with an expression of Jinja are written here. */
export function jinjaHint(
  { inner, isAll, place, before = '', after = '' }: Braces,
  isValid: (template: string) => boolean,
): string | undefined {
  const { form, missing, notes } = readJinja(inner);
  if (!form) return missing === undefined ? undefined : insteadOf(missing);
  const around = (text: string) => `{{${before} ${text} ${after}}}`;
  const helper = form.helper === undefined ? undefined : around(helperAt(form.helper, place));
  if (helper !== undefined && isValid(helper)) return withNotes(`Write: ${helper}`, notes);
  const call = around(`cel ${inTemplate(form.cel)}`);
  if (!isValid(call)) return undefined;
  const isValue = isAll && !form.cel.includes('@');
  return withNotes(isValue ? `Write: !expr ${JSON.stringify(form.cel)}` : `Write: ${call}`, notes);
}

/** What braces may hold, where nothing better can be said. */
export function bracesHint(text: string): string {
  const { missing } = readJinja(/\{\{-?([^{}]*?)-?\}\}/.exec(text)?.[1] ?? '');
  if (missing !== undefined) return insteadOf(missing);
  return 'Conditions and arithmetic are expressions: {{ cel "a + 1" }}, or !expr for a whole value.';
}
