import type { Written } from '../language/model.ts';
import { inside, isMap, type Part } from '../language/source.ts';
import { ValueError } from '../values/errors.ts';
import type { Scope } from '../values/scope.ts';
import { otherThanText } from '../values/strict-text.ts';

/** A variable of an `environment`: where it is written, and what gives its value. */
export interface EnvironmentEntry {
  readonly name: string;
  readonly part: Part;
  /** @throws as Scope.evaluate, and ValueError for what is not text */
  readonly text: () => string;
}

/**
 * The `environment` of a task, that of what is around it included: of each variable the nearest.
 * @param written maps, or what gives one, from the outermost to the task's own
 * @throws as Scope.evaluate, and ValueError for what gives no map, or a value that is not text
 */
export function joinEnvironment(written: readonly Written[], scope: Scope): Readonly<Record<string, string>> {
  const entries = nearest(written.flatMap(one => environmentEntries(one, scope)));
  return Object.fromEntries(entries.map(({ name, text }) => [name, text()]));
}

/**
 * The variables of one `environment`, their values not evaluated yet.
 * @throws as Scope.evaluate, and ValueError for what gives no map
 */
export function environmentEntries({ value, part }: Written, scope: Scope): readonly EnvironmentEntry[] {
  const map = isMap(value) ? value : scope.evaluate(value, part);
  if (!isMap(map)) throw wrongAt(part, '"environment" must be a map', 'Write: environment: {NAME: value}');
  return Object.entries(map).map(([name, item]) => {
    const place = map === value ? inside(part, name) : part;
    return { name, part: place, text: () => textOf(map === value ? scope.evaluate(item, place) : item, name, place) };
  });
}

/** Of entries from the outermost to the innermost, the last one of each name. */
export function nearest(entries: readonly EnvironmentEntry[]): readonly EnvironmentEntry[] {
  return [...new Map(entries.map(entry => [entry.name, entry])).values()];
}

function textOf(value: unknown, name: string, part: Part): string {
  const kind = otherThanText(value);
  if (kind === undefined) return String(value);
  const hint = kind === 'null' ? `Write a text; an empty one is ${name}: "".` : 'As JSON: {{ json NAME }}.';
  throw wrongAt(part, `"${name}" of "environment" is ${kind}, which is not text`, hint);
}

function wrongAt(part: Part, message: string, hint: string): ValueError {
  const error = new ValueError(message, { hint });
  error.place = part;
  return error;
}
