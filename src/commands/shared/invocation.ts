import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { quote } from '../../shell/quote.ts';

/**
 * How this program can be called from a shell: by its name where the PATH leads to it, else by its
 * path.
 */
export function invocation(): string {
  const script = process.argv[1] ?? 'hostwright';
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    // npx and scripts of npm put these on the PATH for a moment.
    .filter(folder => !/\/node_modules\/\.bin\/?$/.test(folder))
    .map(folder => join(folder, 'hostwright'))
    .find(file => existsSync(file));
  if (onPath !== undefined && existsSync(script) && realpathSync(onPath) === realpathSync(script)) return 'hostwright';
  return quote(script);
}
