import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * The text of src/modules/index.ts, from the folders next to it.
 * @param root the folder of the project
 */
export function moduleIndex(root: string): string {
  const found = globSync('*/', { cwd: join(root, 'src/modules') }).map(folder => {
    const name = basename(folder);
    return { name, exported: exportedBy(join(root, 'src/modules', name, `${name}.ts`)) };
  });
  const modules = found.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  return [
    '// Written by "npm run schemas" from the folders of src/modules.',
    ...[
      ...modules.map(({ exported, name }) => `import { ${exported} } from './${name}/${name}.ts';`),
      "import type { AnyModule } from './module.ts';",
    ].toSorted(byPlace),
    '',
    '/** Every module that ships, in the order of their names. */',
    'export const modules: readonly AnyModule[] = [',
    ...modules.map(({ exported }) => `  ${exported},`),
    '];',
    '',
  ].join('\n');
}

/** By what they import from. */
function byPlace(one: string, other: string): number {
  return one.slice(one.indexOf("'")) < other.slice(other.indexOf("'")) ? -1 : 1;
}

/** What a module's file calls the module. */
function exportedBy(file: string): string {
  const found = /^export const (\w+) = defineModule\(/m.exec(readFileSync(file, 'utf8'));
  if (!found) throw new Error(`${file} exports no module: export const NAME = defineModule(…)`);
  return found[1] as string;
}
