import { type Arguments, type Rewrite, taking } from './arguments.ts';
import { factPath } from './facts.ts';
import { called, type Form, partOf, tightness, whole } from './form.ts';
import { method } from './tests.ts';

const constants: Readonly<Record<string, string>> = {
  True: 'true',
  true: 'true',
  False: 'false',
  false: 'false',
  None: 'null',
  none: 'null',
  null: 'null',
};

/** What a loop of Jinja tells of itself; a template has it in `{{#each}}`. */
const loopParts: Readonly<Record<string, Form>> = {
  index: { cel: '@index + 1', tight: tightness.sum },
  index0: whole('@index', '@index'),
  first: whole('@first', '@first'),
  last: whole('@last', '@last'),
};

/** A part of Jinja's `loop`; undefined where nothing here is like it. */
export function loopForm(part: string): Form | undefined {
  return Object.hasOwn(loopParts, part) ? loopParts[part] : undefined;
}

/** Methods of Python's texts and maps. */
const methods: Readonly<Record<string, Rewrite>> = {
  startswith: taking(['prefix'], (of, prefix) => prefix && method(of, 'startsWith', prefix)),
  endswith: taking(['suffix'], (of, suffix) => suffix && method(of, 'endsWith', suffix)),
  lower: taking([], of => called('lower', of)),
  upper: taking([], of => called('upper', of)),
  strip: taking([], of => called('trim', of)),
  split: taking(['sep'], (of, separator) => called('split', of, ...(separator ? [separator] : []))),
  replace: taking(['old', 'new'], (of, what, by) => what && by && called('replace', of, what, by)),
  keys: taking([], of => called('keys', of)),
  values: taking([], of => called('values', of)),
  items: taking([], of => called('items', of)),
  get: taking(['key', 'default'], (of, key, fallback = whole('null', 'null')) => {
    return key && called('default', partOf(of, key), fallback);
  }),
};

/** What a method of Python is here; undefined where nothing here is like it. */
export function methodForm(name: string, of: Form, args: Arguments): Form | undefined {
  return Object.hasOwn(methods, name) ? methods[name]?.(of, args) : undefined;
}

/** A variable or constant by the name that Ansible has for it. */
export function variable(name: string): Form {
  const constant = Object.hasOwn(constants, name) ? constants[name] : undefined;
  if (constant !== undefined) return whole(constant, constant);
  return factForm(name) ?? whole(name, name);
}

/** A fact by Ansible's name; a template can say it where it is a path. */
export function factForm(name: string): Form | undefined {
  const path = factPath(name);
  return path === undefined ? undefined : whole(path, /^[\w.]+$/.test(path) ? path : undefined);
}
