import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exitCodes, HostwrightError, messageOf } from '../errors.ts';
import { mark } from './units.ts';

/**
 * Writes units into a folder, and none of them where one is somebody else's.
 * @returns their paths
 * @throws HostwrightError `timer.foreign`, `timer.file`
 */
export function writeUnits(folder: string, units: Readonly<Record<string, string>>): readonly string[] {
  const files = Object.entries(units).map(([name, text]) => ({ path: join(folder, name), text }));
  for (const { path } of files) refuseForeign(path);
  try {
    mkdirSync(folder, { recursive: true });
    for (const { path, text } of files) replace(path, text);
  } catch (cause) {
    throw notWritten(`The units cannot be written in ${folder}: ${messageOf(cause)}`, cause);
  }
  return files.map(({ path }) => path);
}

function refuseForeign(path: string): void {
  const there = textOf(path);
  if (there === undefined || there.startsWith(mark)) return;
  throw new HostwrightError('timer.foreign', `${path} is there already, and was not written by Hostwright.`, {
    hint: 'Give the units another name with --name.',
    exitCode: exitCodes.usage,
  });
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw notWritten(`${path} cannot be read: ${messageOf(cause)}`, cause);
  }
}

/** Whole or not at all: systemd may read it at any time. */
function replace(path: string, text: string): void {
  const part = `${path}.${process.pid}.part`;
  try {
    writeFileSync(part, text, { flag: 'wx', mode: 0o644 });
    renameSync(part, path);
  } finally {
    rmSync(part, { force: true });
  }
}

function notWritten(message: string, cause: unknown): HostwrightError {
  const hint = 'Write them elsewhere with -o, or print them without --install and -o.';
  return new HostwrightError('timer.file', message, { hint, cause, exitCode: exitCodes.usage });
}
