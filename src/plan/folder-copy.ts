import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { written } from '../language/foreign.ts';
import { isMap } from '../language/source.ts';
import type { PlannedTask } from './plan.ts';

/** Entries of a folder that a hint still names one by one. */
const most = 100;

/** What to write where a task wants to copy a folder of the controller, which `file` names. */
export function insteadOfFolder({ task }: PlannedTask, file: string, path: string): string {
  const { files, folders } = entriesOf(path);
  const name = file.replace(/\/+$/, '');
  const into = task.module === 'copy' && isMap(task.args) && !task.loop ? destOf(task.args, file) : undefined;
  const every = [...files, ...folders];
  if (files.length === 0) return 'It holds no files. Write: file: {path: …, state: directory}.';
  if (into === undefined || every.length > most || every.some(entry => entry.includes('{{'))) {
    return `Name a file in it; for all of it, pack it (tar -C ${name} -cf ${name}.tar .) and use unarchive.`;
  }
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

/** Where the content of the folder goes: as in Ansible, below its own name, unless src ends in /. */
function destOf({ dest }: Readonly<Record<string, unknown>>, file: string): string | undefined {
  if (typeof dest !== 'string') return undefined;
  const base = dest.replace(/\/+$/, '');
  return file.endsWith('/') ? base : `${base}/${file.split('/').at(-1)}`;
}

/** What is below a folder, by paths from there; what a link leads to counts as what it is. */
function entriesOf(path: string): { readonly files: readonly string[]; readonly folders: readonly string[] } {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).toSorted();
  const kinds = names.map(name => ({ name, kind: statSync(join(path, name), { throwIfNoEntry: false }) }));
  const named = (is: 'isFile' | 'isDirectory') => kinds.filter(({ kind }) => kind?.[is]()).map(({ name }) => name);
  return { files: named('isFile'), folders: named('isDirectory') };
}
