import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRole } from '../../language/parse/read-role.ts';
import { vocabulary } from './catalogue.ts';

/** The first sentence of a role's README; without one, the description in its schema. */
export function roleTitle(directory: string): string {
  const readme = join(directory, 'README.md');
  if (!existsSync(readme)) {
    const { schema } = readRole('', directory, vocabulary);
    return ((schema?.value.description as string | undefined) ?? '').split('\n')[0] ?? '';
  }
  const [, rest = ''] = readFileSync(readme, 'utf8').split(/^#.*\n+/m);
  const paragraph = (rest.split(/\n\s*\n/)[0] ?? '').replaceAll('\n', ' ').trim();
  return paragraph.split(/(?<=[.]) (?=[A-Z])/)[0] ?? '';
}
