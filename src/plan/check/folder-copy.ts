import { opendirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { isMap } from '../../language/source.ts';
import { written } from '../../language/yaml-text.ts';
import { quote } from '../../shell/quote.ts';
import type { PlannedTask } from '../plan.ts';

/** Entries of a folder that a hint still names one by one. */
const most = 100;

/** What to write where a task wants to copy a folder of the controller, which `file` names. */
export function insteadOfFolder({ task }: PlannedTask, file: string, path: string): string {
  const name = file.replace(/\/+$/, '');
  const entries = entriesOf(path);
  const packed = `pack it (tar -C ${quote(name)} -cf ${quote(`${name}.tar`)} .) and use unarchive`;
  if (entries?.files.length === 0) return 'It holds no files. Write: file: {path: …, state: directory}.';
  const into = task.module === 'copy' && isMap(task.args) && !task.loop ? destOf(task.args, file) : undefined;
  const isNameable = [...(entries?.files ?? []), ...(entries?.folders ?? [])].every(entry => !entry.includes('{{'));
  if (into === undefined || !entries || !isNameable) return `Name a file in it; for all of it, ${packed}.`;
  const { files, folders } = entries;
  const { src: _src, dest: _dest, ...rest } = task.args as Readonly<Record<string, unknown>>;
  const copied = { src: `${name}/{{ item }}`, dest: `${into}/{{ item }}`, ...rest };
  return [
    'Write these tasks:',
    `- file: ${written({ path: into, state: 'directory' })}`,
    ...(folders.length > 0
      ? [`- file: ${written({ path: `${into}/{{ item }}`, state: 'directory' })}`, `  loop: ${written(folders)}`]
      : []),
    `- copy: ${written(copied)}`,
    `  loop: ${written(files)}`,
  ].join('\n  ');
}

/**
 * Where the content of the folder goes: as in Ansible, below its own name, unless src ends in /.
 */
function destOf({ dest }: Readonly<Record<string, unknown>>, file: string): string | undefined {
  if (typeof dest !== 'string') return undefined;
  const base = dest.replace(/\/+$/, '');
  return file.endsWith('/') ? base : `${base}/${file.split('/').at(-1)}`;
}

interface Entries {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

interface Entry {
  readonly name: string;
  readonly kind: Stats | undefined;
}

/**
 * What is below a folder, by paths from there; what a link leads to counts as what it is. Undefined
 * where there is more than {@link most}, or where a part of it cannot be read.
 */
function entriesOf(path: string): Entries | undefined {
  try {
    const found = entriesBelow(path, '')
      .take(most + 1)
      .toArray();
    if (found.length > most) return undefined;
    const named = (is: 'isFile' | 'isDirectory') =>
      found
        .filter(({ kind }) => kind?.[is]())
        .map(({ name }) => name)
        .toSorted();
    return { files: named('isFile'), folders: named('isDirectory') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    return undefined;
  }
}

/** Reads a folder only as far as its entries are taken. */
function* entriesBelow(path: string, below: string): Generator<Entry> {
  const folder = opendirSync(join(path, below));
  try {
    for (let entry = folder.readSync(); entry; entry = folder.readSync()) {
      const name = join(below, entry.name);
      const kind = statSync(join(path, name), { throwIfNoEntry: false });
      yield { name, kind };
      if (kind?.isDirectory()) yield* entriesBelow(path, name);
    }
  } finally {
    folder.closeSync();
  }
}
