import type { Args } from './schema.ts';
import { withEntry, withoutEntry, withoutVariable, withVariable } from './table.ts';

/** The five fields of the time. */
export function fieldsOf({ minute, hour, day, month, weekday }: Args): string {
  return [minute, hour, day, month, weekday].join(' ');
}

/** The table as it is to be. */
export function edit(args: Args, text: string): string {
  const { name, job = '', state, env, disabled, special_time, cron_file, user = 'root' } = args;
  if (state === 'absent') return env ? withoutVariable(text, name) : withoutEntry(text, name);
  if (env) return withVariable(text, name, job);
  const time = special_time === undefined ? fieldsOf(args) : `@${special_time}`;
  const line = [time, ...(cron_file === undefined ? [] : [user]), job].join(' ');
  return withEntry(text, { name, line: disabled ? `#${line}` : line });
}
