import { inside } from '../language/source.ts';
import { ValueError } from '../values/errors.ts';
import type { Scope } from '../values/scope.ts';

/**
 * A variable that is set, with its value; of several names for one thing the first that is given.
 */
export interface Setting {
  readonly name: string;
  readonly value: unknown;
}

/** The first of these names that has a value. @throws UnknownValue, ValueError */
export function settingOf(scope: Scope, names: readonly string[]): Setting | undefined {
  for (const name of names.filter(item => scope.origin(item) !== undefined)) {
    const value = scope.resolve(name);
    if (value !== null && value !== undefined) return { name, value };
  }
  return undefined;
}

/** The error of a value that such a variable cannot have, shown where it is written. */
export function wrongValue(scope: Scope, { name }: Setting, message: string, hint: string): ValueError {
  const error = new ValueError(`${name}: ${message}`, { hint });
  const part = scope.origin(name)?.part;
  if (part) error.place = inside(part, name);
  else error.nameVariable(name, scope.origin(name)?.origin ?? 'unknown');
  return error;
}

const words: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  y: true,
  on: true,
  t: true,
  1: true,
  false: false,
  no: false,
  n: false,
  off: false,
  f: false,
  0: false,
};

/** True or false, in any of Ansible's words. @throws ValueError */
export function flagOf(scope: Scope, setting: Setting): boolean {
  const flag = words[String(setting.value).toLowerCase()];
  if (flag !== undefined) return flag;
  throw wrongValue(
    scope,
    setting,
    `${JSON.stringify(setting.value)} is neither true nor false`,
    'Write true or false.',
  );
}

/** Text, or a number as text. @throws ValueError */
export function textOf(scope: Scope, setting: Setting): string {
  if (typeof setting.value === 'string' || typeof setting.value === 'number') return String(setting.value);
  throw wrongValue(scope, setting, 'it must be a text', 'Write one text.');
}
