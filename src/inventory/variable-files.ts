import { existsSync, readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { readVariables } from '../language/parse/read-role.ts';
import type { Problems } from '../language/problems.ts';
import { textPart } from '../language/source.ts';
import type { Draft, FileVariables } from './inventory.ts';

const endings = ['.yml', '.yaml', '.json'];

/**
 * Reads `group_vars` and `host_vars` of a folder: a file or folder for each group or host, by its
 * name.
 */
export function readVariableFiles(directory: string, rank: number, { draft, problems }: Reading): void {
  const groups = { files: draft.groupFiles, known: draft.groups };
  const hosts = { files: draft.hostFiles, known: draft.hosts };
  for (const [folder, { files, known }] of Object.entries({ group_vars: groups, host_vars: hosts })) {
    for (const [name, path] of entriesOf(join(directory, folder), known, problems)) {
      const read = filesBelow(path).flatMap(file => variablesOf(file, rank, problems));
      files.set(name, [...(files.get(name) ?? []), ...read]);
    }
  }
}

interface Reading {
  readonly draft: Draft;
  readonly problems: Problems;
}

/**
 * What a folder has for each name. A name may have dots in it; a file with another ending
 * belongs to no group or host.
 */
function entriesOf(
  folder: string,
  known: ReadonlyMap<string, unknown>,
  problems: Problems,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (!existsSync(folder)) return found;
  for (const entry of readdirSync(folder).toSorted()) {
    const path = join(folder, entry);
    if (entry.startsWith('.') || entry.endsWith('~')) continue;
    const isWhole = statSync(path).isDirectory() || known.has(entry) || extname(entry) === '';
    if (!isWhole && !endings.includes(extname(entry))) continue;
    const name = isWhole ? entry : entry.slice(0, -extname(entry).length);
    const other = found.get(name);
    if (other === undefined) found.set(name, path);
    else
      problems.add(
        textPart(path, ''),
        `${other} has variables of "${name}", too`,
        'Put all of them into one folder of that name.',
      );
  }
  return found;
}

/** A file, or all files of variables in a folder and the folders in it. */
function filesBelow(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .toSorted()
    .filter(name => !name.startsWith('.') && !name.endsWith('~'))
    .map(name => ({ inner: join(path, name), ending: extname(name) }))
    .filter(({ inner, ending }) => ending === '' || (endings.includes(ending) && statSync(inner).isFile()))
    .flatMap(({ inner }) => filesBelow(inner));
}

function variablesOf(file: string, rank: number, problems: Problems): readonly FileVariables[] {
  const read = readVariables(file, problems);
  return read ? [{ origin: file, values: read.values, literal: false, part: read.part, rank }] : [];
}
