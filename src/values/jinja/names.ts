import { factPath } from './facts.ts';
import { method } from './filters.ts';
import { called, type Form, partOf, whole } from './form.ts';

const constants: Readonly<Record<string, string>> = {
  ...{ True: 'true', true: 'true', False: 'false', false: 'false', None: 'null', none: 'null', null: 'null' },
};

/** Methods of Python's texts and maps. */
const methods: Readonly<Record<string, (of: Form, args: readonly Form[]) => Form | undefined>> = {
  startswith: (of, args) => method(of, 'startsWith', args),
  endswith: (of, args) => method(of, 'endsWith', args),
  lower: of => called('lower', of),
  upper: of => called('upper', of),
  strip: of => called('trim', of),
  split: (of, args) => called('split', of, ...args),
  replace: (of, args) => called('replace', of, ...args),
  keys: of => called('keys', of),
  values: of => called('values', of),
  items: of => called('items', of),
  get: (of, [key, fallback]) => key && called('default', partOf(of, key), fallback ?? whole('null', 'null')),
};

/** What a method of Python is here; undefined where nothing here is like it. */
export function methodForm(name: string, of: Form, args: readonly Form[]): Form | undefined {
  return Object.hasOwn(methods, name) ? methods[name]?.(of, args) : undefined;
}

/** A variable or constant by the name that Ansible has for it. */
export function variable(name: string): Form {
  const constant = Object.hasOwn(constants, name) ? constants[name]! : undefined;
  if (constant !== undefined) return whole(constant, constant);
  return factForm(name) ?? whole(name, name);
}

/** A fact by Ansible's name; a template can say it where it is a path. */
export function factForm(name: string): Form | undefined {
  const path = factPath(name);
  return path === undefined ? undefined : whole(path, /^[\w.]+$/.test(path) ? path : undefined);
}
