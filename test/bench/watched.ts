import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Ended, mustRun, type Program } from './run-program.ts';
import type { Cost } from './watch.ts';

/** Runs a program of Node that must succeed, and says what its process cost. */
export async function watched(program: Program): Promise<Ended & { readonly cost: Cost }> {
  const file = join(program.folder, 'cost.json');
  const watch = pathToFileURL(join(import.meta.dirname, 'watch.ts')).href;
  const env = { ...(program.env ?? process.env), NODE_OPTIONS: `--import=${watch}`, WATCH_FILE: file };
  const ended = await mustRun({ ...program, env });
  return { ...ended, cost: JSON.parse(readFileSync(file, 'utf8')) as Cost };
}
