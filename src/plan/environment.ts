import type { Written } from '../language/model.ts';
import { inside, isMap } from '../language/source.ts';
import { ValueError } from '../values/errors.ts';
import type { Scope } from '../values/scope.ts';

/**
 * The `environment` of a task, that of what is around it included: of each variable the nearest.
 * @param written maps, or what gives one, from the outermost to the task's own
 * @throws as Scope.evaluate, and ValueError for what gives no map
 */
export function joinEnvironment(written: readonly Written[], scope: Scope): Readonly<Record<string, string>> {
  const values = new Map<string, () => unknown>();
  for (const { value, part } of written) {
    const map = isMap(value) ? value : scope.evaluate(value, part);
    if (!isMap(map)) throw noMap(part);
    for (const [name, item] of Object.entries(map))
      values.set(name, () => (map === value ? scope.evaluate(item, inside(part, name)) : item));
  }
  return Object.fromEntries([...values].map(([name, get]) => [name, String(get())]));
}

function noMap(part: Written['part']): ValueError {
  const error = new ValueError('"environment" must be a map', { hint: 'Write: environment: {NAME: value}' });
  error.place = part;
  return error;
}
