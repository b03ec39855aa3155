import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type BadProject, diagnose } from './diagnose.ts';

const folder = join(import.meta.dirname, 'diagnostics');

for (const name of readdirSync(folder).toSorted()) {
  describe(`what is wrong: ${name.replace('.yml', '').replaceAll('-', ' ')}`, () => {
    for (const project of parse(readFileSync(join(folder, name), 'utf8'), { merge: true }) as BadProject[]) {
      it(project.it, () => assert.equal(diagnose(project), project.says));
    }
  });
}
