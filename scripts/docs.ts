// npm run docs: writes the pages of docs/ that are generated.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { docPages } from './pages/doc-pages.ts';
import { documented } from './pages/documented.ts';
import { withSettings } from './pages/settings-page.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'docs');
for (const name of ['modules', 'roles']) rmSync(join(folder, name), { recursive: true, force: true });
for (const [name, text] of Object.entries(docPages(documented([join(root, 'roles')])))) {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
const settings = join(folder, 'settings.md');
writeFileSync(settings, withSettings(readFileSync(settings, 'utf8')));
