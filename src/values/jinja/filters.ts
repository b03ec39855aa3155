import { functions } from '../functions/index.ts';
import { between, called, type Form, inside, negated, partOf, tightness, whole } from './form.ts';

type Arguments = readonly Form[];
type Rewrite = (value: Form, args: Arguments) => Form | undefined;

/** Filters of Ansible that are functions here under another name. */
const otherNames: Readonly<Record<string, string>> = {
  b64encode: 'base64',
  b64decode: 'from_base64',
  to_json: 'json',
  to_nice_json: 'json',
  tojson: 'json',
  to_yaml: 'yaml',
  to_nice_yaml: 'yaml',
  dict2items: 'items',
  items2dict: 'from_items',
  human_to_bytes: 'from_size',
  ipaddr: 'ip_address',
  d: 'default',
};

/** What CEL has for filters that are not functions here. */
const filters: Readonly<Record<string, Rewrite>> = {
  default: (value, [fallback, always]) => {
    if (!fallback) return undefined;
    if (always?.cel !== 'true') return called('default', value, fallback);
    return choice(called('truthy', value), value, fallback);
  },
  combine: (value, maps) => maps.reduce((all, map) => called('merge', all, map, whole('false', 'false')), value),
  length: sizeOf,
  count: sizeOf,
  int: value => whole(`int(${value.cel})`),
  float: value => whole(`double(${value.cel})`),
  string: value => whole(`string(${value.cel})`),
  bool: value => whole(`bool(${value.cel})`),
  list: value => value,
  mandatory: value => value,
  hash: (value, [name]) => hashOf(value, name?.cel ?? "'sha1'"),
  ternary: (value, [yes, no]) => yes && no && choice(value, yes, no),
  map: mapped,
  extract: (key, [map]) => map && partOf(map, key),
  select: (list, [test, ...rest]) => filtered(list, item => (test ? tested(textOf(test), item, rest) : truthy(item))),
  reject: (list, [test, ...rest]) =>
    filtered(list, item => not(test ? tested(textOf(test), item, rest) : truthy(item))),
  selectattr: (list, [name, test, ...rest]) => filtered(list, item => attribute(item, name, test, rest)),
  rejectattr: (list, [name, test, ...rest]) => filtered(list, item => not(attribute(item, name, test, rest))),
};

/** What a filter of Jinja is here; undefined where nothing here is like it. */
export function filterForm(name: string, value: Form, args: Arguments): Form | undefined {
  const own = name.replace(/^(?:ansible\.(?:builtin|utils|netcommon)|community\.general)\./, '');
  if (Object.hasOwn(filters, own)) return filters[own]?.(value, args);
  const known = otherNames[own] ?? own;
  if (known === 'default') return filters.default?.(value, args);
  const found = functions.find(one => one.name === known);
  if (!found) return undefined;
  return called(known, value, ...args.slice(0, found.params.length - 1));
}

/** Tests of Jinja by name. */
const tests: Readonly<Record<string, (value: Form, args: Arguments) => Form | undefined>> = {
  defined: value => called('defined', value),
  undefined: value => negated(called('defined', value)),
  none: value => compared(value, '==', whole('null')),
  true: value => compared(value, '==', whole('true')),
  false: value => compared(value, '==', whole('false')),
  truthy,
  falsy: value => negated(truthy(value)),
  changed: value => partOf(value, whole("'changed'")),
  failed: value => partOf(value, whole("'failed'")),
  skipped: value => partOf(value, whole("'skipped'")),
  succeeded: value => negated(partOf(value, whole("'failed'"))),
  success: value => negated(partOf(value, whole("'failed'"))),
  string: value => typed(value, 'string'),
  number: value => typed(value, 'int'),
  integer: value => typed(value, 'int'),
  boolean: value => typed(value, 'bool'),
  mapping: value => typed(value, 'map'),
  sequence: value => typed(value, 'list'),
  iterable: value => typed(value, 'list'),
  in: (value, [list]) => list && compared(value, 'in', list),
  contains: (value, [item]) => item && compared(item, 'in', value),
  match: (value, [regex]) => regex && method(value, 'matches', [withStart(regex)]),
  search: (value, [regex]) => regex && method(value, 'matches', [regex]),
  regex: (value, [regex]) => regex && method(value, 'matches', [regex]),
  equalto: (value, [other]) => other && compared(value, '==', other),
  sameas: (value, [other]) => other && compared(value, '==', other),
  '==': (value, [other]) => other && compared(value, '==', other),
  eq: (value, [other]) => other && compared(value, '==', other),
  ne: (value, [other]) => other && compared(value, '!=', other),
  '!=': (value, [other]) => other && compared(value, '!=', other),
  version: (value, [other, comparison]) =>
    other && called('version', value, comparison ?? whole("'=='", "'=='"), other),
  gt: (value, [other]) => other && compared(value, '>', other),
  lt: (value, [other]) => other && compared(value, '<', other),
};

/** What a test of Jinja is here; undefined where nothing here is like it. */
export function tested(name: string, value: Form, args: Arguments): Form | undefined {
  return Object.hasOwn(tests, name) ? tests[name]?.(value, args) : undefined;
}

/** A call of one of CEL's own methods. */
export function method(of: Form, name: string, args: Arguments): Form {
  return whole(`${inside(of, tightness.whole)}.${name}(${args.map(({ cel }) => cel).join(', ')})`);
}

/** One of two values. */
export function choice(condition: Form, yes: Form, no: Form): Form {
  const parts = [inside(condition, tightness.or), inside(yes, tightness.or), inside(no, tightness.choice)];
  return { cel: `${parts[0]} ? ${parts[1]} : ${parts[2]}`, tight: tightness.choice };
}

function compared(value: Form, operator: string, other: Form): Form {
  return between(value, operator, other, tightness.compare);
}

function sizeOf(value: Form): Form {
  return whole(
    `size(${value.cel})`,
    value.helper && /^[\w.]+$/.test(value.helper) ? `${value.helper}.length` : undefined,
  );
}

function truthy(value: Form): Form {
  return called('truthy', value);
}

function typed(value: Form, type: string): Form {
  return compared(whole(`type(${value.cel})`), '==', whole(type));
}

function textOf({ cel }: Form): string {
  return cel.slice(1, -1);
}

function not(form: Form | undefined): Form | undefined {
  return form && negated(form);
}

function withStart(regex: Form): Form {
  return whole(`${regex.cel.slice(0, 1)}^${regex.cel.slice(1)}`);
}

function hashOf(value: Form, name: string): Form | undefined {
  const known = /^['"](sha1|sha256|sha512)['"]$/.exec(name)?.[1];
  return known === undefined ? undefined : called(known, value);
}

function filtered(list: Form, condition: (item: Form) => Form | undefined): Form | undefined {
  const found = condition(whole('i'));
  return found && whole(`${inside(list, tightness.whole)}.filter(i, ${found.cel})`);
}

function attribute(item: Form, name: Form | undefined, test: Form | undefined, rest: Arguments): Form | undefined {
  if (!name) return undefined;
  const value = path(item, textOf(name));
  return test ? tested(textOf(test), value, rest) : truthy(value);
}

function path(item: Form, names: string): Form {
  return names.split('.').reduce((of, name) => partOf(of, whole(/^\d+$/.test(name) ? name : `'${name}'`)), item);
}

/** `map(attribute='a.b')` comes as a text that begins with `=`; else the first argument names a filter. */
function mapped(list: Form, [what, ...rest]: Arguments): Form | undefined {
  if (!what) return undefined;
  const item = whole('i');
  const name = /^attribute=(.*)$/.exec(what.helper ?? '')?.[1];
  const result = name === undefined ? filterForm(textOf(what), item, rest) : path(item, name);
  return result && whole(`${inside(list, tightness.whole)}.map(i, ${result.cel})`);
}
