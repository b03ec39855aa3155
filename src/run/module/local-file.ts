import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { messageOf } from '../../errors.ts';
import type { AnyModule, Context } from '../../modules/module.ts';
import { fileArguments } from '../../plan/catalogue.ts';
import { insteadOfFolder } from '../../plan/check/folder-copy.ts';
import { findFile, lookedIn } from '../../plan/find-file.ts';
import type { PlannedTask } from '../../plan/plan.ts';
import type { LocalFile, LocalGoal } from '../../transfers.ts';
import { ValueError } from '../../values/errors.ts';
import type { Scope } from '../../values/scope.ts';
import { escapingOf } from '../../values/template.ts';

/** Bytes up to which a text file is kept whole, to travel in a script and be shown in a diff. */
const keptBytes = 65536;
const known = new Map<string, Promise<LocalFile>>();

/** A file of the controller with its hash; each version of it is read once. */
export function readLocalFile(path: string): Promise<LocalFile> {
  const { size, mtimeMs, mode } = statSync(path);
  const key = `${path}\0${size}\0${mtimeMs}`;
  const found = known.get(key);
  if (found) return found;
  const reading = describe(path, size, mode);
  known.set(key, reading);
  reading.catch(() => known.delete(key));
  return reading;
}

async function describe(path: string, size: number, mode: number): Promise<LocalFile> {
  const permissions = permissionsOf(mode);
  if (size <= keptBytes) return fromBytes(path, permissions, readFileSync(path));
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return Object.freeze({ kind: 'file', path, size, sha256: hash.digest('hex'), mode: permissions });
}

/** A template rendered for a host, as a file. */
export function renderLocalFile(path: string, scope: Scope): LocalFile {
  const text = scope.render(readFileSync(path, 'utf8'), escapingOf(path));
  return Object.freeze({ ...fromBytes(path, permissionsOf(statSync(path).mode), Buffer.from(text)), text });
}

function permissionsOf(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}

function fromBytes(path: string, mode: string, bytes: Buffer): LocalFile {
  const text = Buffer.from(bytes.toString()).equals(bytes) && !bytes.includes(0) ? bytes.toString() : undefined;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return Object.freeze({
    kind: 'file',
    path,
    size: bytes.length,
    sha256,
    mode,
    ...(text === undefined ? {} : { text }),
  });
}

/**
 * Whether the files of the controller that a task's arguments name are small: large ones are not
 * read before they must be.
 */
export function readsLittle(module: AnyModule, args: object, { searchPath }: PlannedTask): boolean {
  return fileArguments(module.args, args as Readonly<Record<string, unknown>>).every(({ file, kind }) => {
    const path = findFile(file, searchPath[kind]);
    return path === undefined || statSync(path).size <= keptBytes;
  });
}

/** The files of the controller that arguments name, read or rendered. */
export async function filesOf(
  named: ReturnType<typeof fileArguments>,
  planned: PlannedTask,
  scope: Scope,
): Promise<Context['files']> {
  const { searchPath } = planned;
  const files: Record<string, LocalFile> = {};
  for (const { name, file, kind } of named) {
    const path = findFile(file, searchPath[kind]);
    if (path === undefined)
      throw new ValueError(`the file "${file}" does not exist`, { hint: lookedIn(searchPath[kind]) });
    if (statSync(path).isDirectory())
      throw new ValueError(`"${file}" is a folder, not a file`, { hint: insteadOfFolder(planned, file, path) });
    files[name] = kind === 'template' ? renderLocalFile(path, scope) : await readLocalFile(path);
  }
  return files;
}

/**
 * The file of the controller that a module would write, and what is there.
 * @param named its name, where the module writes one
 * @throws ValueError where that cannot be read, or is not a file
 */
export async function localGoalOf(
  named: string | undefined,
  { searchPath }: PlannedTask,
): Promise<LocalGoal | undefined> {
  if (named === undefined) return undefined;
  const path = resolve(searchPath.source.at(-1) ?? '', named);
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) return { path };
    if (found.isFile()) return { path, file: await readLocalFile(path) };
  } catch (error) {
    throw new ValueError(`${path} on the controller cannot be read: ${messageOf(error)}`);
  }
  throw new ValueError(`${path} on the controller is there, and is not a file`, { hint: 'Name another dest.' });
}
