import { execFileSync } from 'node:child_process';
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Builds Hostwright as it is installed, in an empty folder. @returns the script that starts it */
export function buildProgram(folder: string): string {
  execFileSync(process.execPath, [join(root, 'scripts/build.ts'), folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 120_000,
  });
  for (const name of ['bin', 'package.json']) cpSync(join(root, name), join(folder, name), { recursive: true });
  for (const name of ['node_modules', 'roles', 'schemas', 'skeleton', 'templates'])
    symlinkSync(join(root, name), join(folder, name));
  return join(folder, 'bin/hostwright.js');
}
