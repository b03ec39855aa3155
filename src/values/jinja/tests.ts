import { type Arguments, type Rewrite, taking } from './arguments.ts';
import { valueHere } from './facts.ts';
import { between, called, type Form, inside, listForm, negated, partOf, textForm, tightness, whole } from './form.ts';

/** Tests of Jinja by name. */
const tests: Readonly<Record<string, Rewrite>> = {
  defined: taking([], value => called('defined', value)),
  undefined: taking([], value => negated(called('defined', value))),
  none: taking([], value => compared(value, '==', whole('null'))),
  true: taking([], value => compared(value, '==', whole('true'))),
  false: taking([], value => compared(value, '==', whole('false'))),
  truthy: taking([], truthy),
  falsy: taking([], value => negated(truthy(value))),
  changed: taking([], value => partOf(value, textForm('changed'))),
  failed: taking([], value => partOf(value, textForm('failed'))),
  skipped: taking([], value => partOf(value, textForm('skipped'))),
  succeeded: taking([], value => negated(partOf(value, textForm('failed')))),
  success: taking([], value => negated(partOf(value, textForm('failed')))),
  string: taking([], value => typed(value, "''")),
  number: taking([], isNumber),
  integer: taking([], value => typed(value, '0')),
  boolean: taking([], value => typed(value, 'true')),
  mapping: taking([], value => typed(value, '{}')),
  sequence: taking([], value => typed(value, '[]')),
  iterable: taking([], value => typed(value, '[]')),
  in: taking(['seq'], (value, list) => list && member(value, list)),
  contains: taking(['value'], (value, item) => item && member(item, value)),
  match: taking(['pattern'], (value, regex) => regex && method(value, 'matches', fromStart(regex))),
  search: taking(['pattern'], (value, regex) => regex && method(value, 'matches', regex)),
  regex: taking(['pattern'], (value, regex) => regex && method(value, 'matches', regex)),
  equalto: comparison('=='),
  sameas: comparison('=='),
  '==': comparison('=='),
  eq: comparison('=='),
  ne: comparison('!='),
  '!=': comparison('!='),
  version: taking(
    ['version', 'operator'],
    (value, other, operator) => other && called('version', value, operator ?? textForm('=='), other),
  ),
  gt: comparison('>'),
  greaterthan: comparison('>'),
  '>': comparison('>'),
  lt: comparison('<'),
  lessthan: comparison('<'),
  '<': comparison('<'),
  ge: comparison('>='),
  '>=': comparison('>='),
  le: comparison('<='),
  '<=': comparison('<='),
  odd: taking([], value => remainder(value, '2', '!=')),
  even: taking([], value => remainder(value, '2', '==')),
  divisibleby: taking(['num'], (value, by) => by && remainder(value, inside(by, tightness.not), '==')),
  superset: taking(['b'], (value, other) => other && within(other, value)),
  issuperset: taking(['b'], (value, other) => other && within(other, value)),
  subset: taking(['b'], (value, other) => other && within(value, other)),
  issubset: taking(['b'], (value, other) => other && within(value, other)),
  all: taking([], value => whole(`${inside(value, tightness.whole)}.all(i, truthy(i))`)),
  any: taking([], value => whole(`${inside(value, tightness.whole)}.exists(i, truthy(i))`)),
};

/** What a test of Jinja is here; undefined where nothing here is like it. */
export function tested(name: string, value: Form, args: Arguments): Form | undefined {
  return Object.hasOwn(tests, name) ? tests[name]?.(value, args) : undefined;
}

/** A call of one of CEL's own methods. */
export function method(of: Form, name: string, ...args: readonly Form[]): Form {
  return whole(`${inside(of, tightness.whole)}.${name}(${args.map(({ cel }) => cel).join(', ')})`);
}

/** Whether a value counts as true. */
export function truthy(value: Form): Form {
  return called('truthy', value);
}

function comparison(operator: string): Rewrite {
  return taking(['other'], (value, other) => other && compared(value, operator, other));
}

/** A comparison; a fact is compared with the value that it has here. */
export function compared(value: Form, operator: string, other: Form): Form {
  return between(valueFor(other, value), operator, valueFor(value, other), tightness.compare);
}

/** A text, or a list of texts, in the letters that the fact next to it has. */
function valueFor(fact: Form, value: Form): Form {
  if (value.items) return listForm(value.items.map(item => valueFor(fact, item)));
  const here = value.text === undefined ? undefined : valueHere(fact.cel, value.text);
  return here === undefined ? value : textForm(here);
}

function typed(value: Form, like: string): Form {
  return compared(whole(`type(${value.cel})`), '==', whole(`type(${like})`));
}

function remainder(value: Form, by: string, operator: string): Form {
  const left: Form = { cel: `${inside(value, tightness.product)} % ${by}`, tight: tightness.product };
  return compared(left, operator, whole('0'));
}

/** Whether a list has no item that another one lacks. */
function within(list: Form, other: Form): Form {
  return compared(whole(`size(${called('difference', list, other).cel})`), '==', whole('0'));
}

/** A number may be whole or not. */
function isNumber(value: Form): Form {
  return compared(whole(`type(${value.cel})`), 'in', whole('[type(0), type(0.0)]'));
}

/** `part in whole`: of an output, which is a text, in the form that texts have. */
export function member(part: Form, of: Form): Form {
  return /[.](stdout|stderr|msg)$/.test(of.cel) ? method(of, 'contains', part) : compared(part, 'in', of);
}

/** A regular expression that matches where a text begins. */
function fromStart(regex: Form): Form {
  const { text } = regex;
  if (text !== undefined) return textForm(text.includes('|') ? `^(?:${text})` : text.replace(/^\^?/, '^'));
  const open = between(whole("'^(?:'"), '+', regex, tightness.sum);
  return between(open, '+', whole("')'"), tightness.sum);
}
