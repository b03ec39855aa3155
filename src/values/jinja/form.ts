import { templateHelpers } from '../functions/helpers.ts';
import { functions } from '../functions/index.ts';

/** How tightly the parts of a CEL expression hold together. */
export const tightness = { choice: 0, or: 1, and: 2, compare: 3, sum: 4, product: 5, not: 6, whole: 7 } as const;

/**
 * What an expression of Jinja is here: in CEL, and in a template where helpers and paths can say
 * it.
 */
export interface Form {
  readonly cel: string;
  readonly tight: number;
  readonly helper?: string;
  /** Of a text in quotes: what it says. */
  readonly text?: string;
  /** Of a list in brackets: its items. */
  readonly items?: readonly Form[];
  /** Of what is surely neither true nor false: a text, a number, a list. */
  readonly isNoFlag?: true;
  /** Of what is surely true or false. */
  readonly isFlag?: true;
  /** Of what is surely a list. */
  readonly isList?: true;
}

/** CEL that needs no parentheses anywhere. */
export function whole(cel: string, helper?: string): Form {
  return { cel, tight: tightness.whole, ...(helper !== undefined && { helper }) };
}

/** The CEL of a form, in parentheses where what is around it holds tighter. */
export function inside(form: Form, tight: number): string {
  return form.tight < tight ? `(${form.cel})` : form.cel;
}

/** Two forms with an operator of CEL between them. */
export function between(left: Form, operator: string, right: Form, tight: number): Form {
  return { cel: `${inside(left, tight)} ${operator} ${inside(right, tight + 1)}`, tight };
}

/** A list in brackets. */
export function listForm(items: readonly Form[]): Form {
  return { ...listOf(`[${items.map(({ cel }) => cel).join(', ')}]`), items };
}

/** CEL that gives a list. */
export function listOf(cel: string): Form {
  return { ...whole(cel), isNoFlag: true, isList: true };
}

/** Whether a form is surely a list. */
export function isList({ cel, isList }: Form): boolean {
  return isList === true || /^(?:group_names|groups[.]\w+)$/.test(cel);
}

/** What is surely neither true nor false. */
export function noFlag(form: Form): Form {
  return { ...form, isNoFlag: true };
}

/**
 * A value where a condition must be: whether it counts as true, where it is surely neither true nor
 * false.
 */
export function asCondition(form: Form): Form {
  return form.isNoFlag ? called('truthy', form) : form;
}

/** What is not so. */
export function negated(given: Form): Form {
  const form = asCondition(given);
  const equality = /^([^'"]*) == ([^'"]*)$/.exec(form.tight === tightness.compare ? form.cel : '');
  if (equality) return { cel: `${equality[1]} != ${equality[2]}`, tight: tightness.compare };
  return { cel: `!${inside(form, tightness.not)}`, tight: tightness.not };
}

/** A call of a function of both languages. */
export function called(name: string, ...args: readonly Form[]): Form {
  const cel = `${name}(${args.map(arg => arg.cel).join(', ')})`;
  const values = args.map(({ helper }) => (helper?.includes(' ') && !/^['"]/.test(helper) ? `(${helper})` : helper));
  const inTemplates = Object.hasOwn(templateHelpers, name) && values.every(value => value !== undefined);
  const returns = functions.find(one => one.name === name)?.returns;
  const isNoFlag = returns !== undefined && returns !== 'bool' && returns !== 'dyn';
  const form = whole(cel, inTemplates ? [name, ...values].join(' ') : undefined);
  return { ...form, ...(isNoFlag && { isNoFlag }), ...(returns === 'list' && { isList: true }) };
}

/** A text, in quotes as both languages have them. */
export function textForm(text: string): Form {
  const quote = text.includes("'") ? '"' : "'";
  const isPlain = !text.includes(quote) && !/[\n\r]/.test(text);
  const raw = text.includes('\\') ? 'r' : '';
  const cel = isPlain ? `${raw}${quote}${text}${quote}` : JSON.stringify(text);
  const inTemplates = isPlain && !text.endsWith('\\');
  return noFlag({ ...whole(cel, inTemplates ? quote + text + quote : undefined), text });
}

/** A part of a value: `a.b`, or `a["b-c"]` where a name cannot say it. */
export function partOf(of: Form, key: Form): Form {
  const fromEnd = /^-(\d+)$/.exec(key.cel)?.[1];
  if (fromEnd === '1') return called('last', of);
  if (fromEnd !== undefined) return whole(`${inside(of, tightness.whole)}[size(${of.cel}) - ${fromEnd}]`);
  const name = /^(['"])([A-Za-z_]\w*)\1$/.exec(key.cel)?.[2];
  if (name !== undefined) return whole(`${inside(of, tightness.whole)}.${name}`, of.helper && `${of.helper}.${name}`);
  const step = /^(['"]?)([\w-]+)\1$/.exec(key.cel)?.[2];
  const isKnown = step !== undefined && /^(['"]|\d)/.test(key.cel);
  const helper = of.helper && isKnown ? `${of.helper}.[${step}]` : undefined;
  return whole(`${inside(of, tightness.whole)}[${key.cel}]`, helper);
}
