// npm run schemas: writes the JSON Schemas for editors under schemas/.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { catalogue } from '../src/commands/catalogue.ts';
import { editorSchemas } from '../src/commands/editor-schemas.ts';

const folder = join(import.meta.dirname, '../schemas');
rmSync(folder, { recursive: true, force: true });
for (const [name, schema] of Object.entries(editorSchemas(catalogue))) {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(schema)}\n`);
}
