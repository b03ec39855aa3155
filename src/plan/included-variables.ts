import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { certain } from '../errors.ts';
import { readVariables } from '../language/parse/read-role.ts';
import { collectProblems } from '../language/problems.ts';
import { ValueError } from '../values/errors.ts';
import type { Layer } from '../values/scope.ts';
import { findFile, lookedIn } from './find-file.ts';

/** The arguments of `include_vars`. */
export interface IncludedVariables {
  readonly file?: string | undefined;
  readonly dir?: string | undefined;
  readonly name?: string | undefined;
  readonly depth?: number | undefined;
  readonly extensions?: readonly string[] | undefined;
  readonly files_matching?: string | undefined;
  readonly ignore_files?: readonly string[] | undefined;
}

/**
 * Reads the files of variables that `include_vars` names, in the order in which they win. With
 * `name` the variables are parts of one map of that name.
 * @param searchPath folders in which a relative path is looked for, in order.
 * @throws ValueError for a file or folder that is not there; InvalidInput for one that holds no
 * variables.
 */
export function includedVariables(args: IncludedVariables, searchPath: readonly string[]): readonly Layer[] {
  const problems = collectProblems();
  const layers = filesOf(args, searchPath).flatMap((file): readonly Layer[] => {
    const read = readVariables(file, problems);
    if (!read) return [];
    const { values, part } = read;
    const origin = `include_vars ${file}`;
    return [args.name === undefined ? { origin, values, part } : { origin, values: { [args.name]: values } }];
  });
  problems.throwIfAny();
  return args.name === undefined ? layers : joined(args.name, layers);
}

/** The maps of several files under one name are one map: later files win. */
function joined(name: string, layers: readonly Layer[]): readonly Layer[] {
  const maps = layers.map(({ values }) => values[name] as Readonly<Record<string, unknown>>);
  return [{ origin: `include_vars as ${name}`, values: { [name]: Object.assign({}, ...maps) } }];
}

function filesOf(args: IncludedVariables, searchPath: readonly string[]): readonly string[] {
  const { file, dir } = args;
  if (file !== undefined) return [found(file, searchPath, 'file')];
  return filesIn(found(certain(dir, 'dir'), searchPath, 'folder'), 1, args);
}

function found(name: string, searchPath: readonly string[], what: string): string {
  const path = findFile(name, searchPath);
  if (path !== undefined) return path;
  throw new ValueError(`the ${what} "${name}" does not exist`, { hint: lookedIn(searchPath) });
}

function filesIn(directory: string, level: number, args: IncludedVariables): readonly string[] {
  const {
    depth = 0,
    extensions = ['yaml', 'yml', 'json'],
    files_matching: matching,
    ignore_files: ignored = [],
  } = args;
  const entries = readdirSync(directory, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap(entry => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return depth === 0 || level < depth ? filesIn(path, level + 1, args) : [];
    const name = basename(path);
    const wanted =
      extensions.some(ending => name.endsWith(`.${ending}`)) &&
      !ignored.includes(name) &&
      (matching === undefined || new RegExp(matching).test(name));
    return wanted && existsSync(path) ? [path] : [];
  });
}
