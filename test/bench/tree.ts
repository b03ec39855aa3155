import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A folder as text: each path with its kind, mode and content. Equal texts are equal trees. */
export function treeOf(folder: string): string {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
  return entries
    .map(entry => {
      const stat = lstatSync(join(folder, entry));
      const mode = (stat.mode & 0o7777).toString(8);
      return stat.isFile() ? `${entry} ${mode} ${readFileSync(join(folder, entry), 'utf8')}` : `${entry}/ ${mode}`;
    })
    .join('\n');
}
