import type { ObjectSchema } from '../callable.ts';
import { fileArguments } from './catalogue.ts';

type Arguments = Readonly<Record<string, unknown>>;

/** `~` or `~NAME` at the start of a path. */
const tilde = /^~([A-Za-z_][A-Za-z0-9_.-]*\$?)?(?=\/|$)/;

/** A path that begins with a home, and whose: '' is the user of the task. */
export interface HomePath {
  readonly path: string;
  readonly user: string;
}

/**
 * The paths of the host in a module's arguments that begin with a home: `x-home: path` of its
 * schema marks a path, `x-home: list` a list of them or a text that is split at commas.
 */
export function homePaths(schema: ObjectSchema, args: Arguments): readonly HomePath[] {
  return homeArguments(schema, args).flatMap(({ paths }) =>
    paths.flatMap(path => {
      const found = tilde.exec(path);
      return found ? [{ path, user: found[1] ?? '' }] : [];
    }),
  );
}

/**
 * The arguments with absolute paths in place of those of {@link homePaths}.
 * @param homes the home of each of their users
 */
export function withHomes(schema: ObjectSchema, args: Arguments, homes: ReadonlyMap<string, string>): Arguments {
  const absolute = (path: string): string => {
    const found = tilde.exec(path);
    const home = found ? homes.get(found[1] ?? '') : undefined;
    if (!found || home === undefined) return path;
    const rest = path.slice(found[0].length);
    return rest === '' ? home : home.replace(/\/+$/, '') + rest;
  };
  const resolved = homeArguments(schema, args).map(({ name, form, paths }) => [
    name,
    form === 'path' ? paths.map(absolute)[0] : paths.map(absolute),
  ]);
  return { ...args, ...Object.fromEntries(resolved) };
}

interface HomeArgument {
  readonly name: string;
  readonly form: 'path' | 'list';
  readonly paths: readonly string[];
}

function homeArguments(schema: ObjectSchema, args: Arguments): readonly HomeArgument[] {
  const ofController = new Set(fileArguments(schema, args).map(({ name }) => name));
  return Object.entries(args).flatMap(([name, value]) => {
    const { 'x-home': form } = (schema.properties[name] ?? {}) as { readonly 'x-home'?: HomeArgument['form'] };
    if (form === undefined || ofController.has(name)) return [];
    const paths = typeof value === 'string' && form === 'list' ? value.split(',').map(path => path.trim()) : [value];
    const texts = paths.flat().filter(path => typeof path === 'string');
    return texts.some(path => path.startsWith('~')) ? [{ name, form, paths: texts }] : [];
  });
}
