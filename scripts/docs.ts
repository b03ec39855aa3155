// npm run docs: writes the parts of docs/ that are made from the code.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withSettings } from './settings-page.ts';

const page = join(import.meta.dirname, '../docs/settings.md');
writeFileSync(page, withSettings(readFileSync(page, 'utf8')));
