// npm run schemas: writes the list of all modules, src/modules/index.ts, and the JSON Schemas for
// editors under schemas/.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { moduleIndex } from './pages/module-index.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'schemas');
writeFileSync(join(root, 'src/modules/index.ts'), moduleIndex(root));
// The schemas are those of the modules that have just been listed.
const { catalogue } = await import('../src/commands/shared/catalogue.ts');
const { editorSchemas } = await import('../src/commands/shared/editor-schemas.ts');
rmSync(folder, { recursive: true, force: true });
for (const [name, schema] of Object.entries(editorSchemas(catalogue))) {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(schema)}\n`);
}
