import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from './run-program.ts';

/** The clone that the bench stands in. */
export const root = join(import.meta.dirname, '../..');

/** The words that start Hostwright as a clone runs it: from its sources, by the Node that the bench runs on. */
export const fromSources: readonly string[] = [process.execPath, join(root, 'bin/hostwright.js')];

/** Builds Hostwright as it is installed, in a folder. @returns the words that start it */
export async function buildHostwright(folder: string, signal: AbortSignal): Promise<readonly string[]> {
  const target = join(folder, 'built');
  mkdirSync(target);
  const command = [process.execPath, join(root, 'scripts/build.ts'), target];
  await mustRun({ command, cwd: root, folder, signal });
  for (const name of ['bin', 'package.json']) cpSync(join(root, name), join(target, name), { recursive: true });
  for (const name of ['node_modules', 'roles', 'schemas', 'templates'])
    symlinkSync(join(root, name), join(target, name));
  return [process.execPath, join(target, 'bin/hostwright.js')];
}
