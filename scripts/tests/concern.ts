import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/**
 * What a test of the lab depends on: files, and folders that end in a slash. Relative to the
 * project.
 */
export type Concern = {
  /** What it plays by name, and what it imports. */
  readonly own: readonly string[];
  /** What every run goes through. */
  readonly common: readonly string[];
};

const common = ['src/', 'bin/', 'templates/', 'package.json', 'package-lock.json'];

/** Where the parts of `src/` are that a play uses only if it names them. */
const named = ['src/host/', 'src/modules/', 'src/facts/'];

/**
 * Reads off the text of a test which playbooks, roles and modules it names, off those which others
 * they name, and follows the imports of each.
 */
export function concernOf(testFile: string): Concern {
  const text = readFileSync(testFile, 'utf8');
  const playbooks = existing([...text.matchAll(/playbooks\/[\w/-]+\.yml/g)].map(([file]) => file));
  const roles = closure([text, ...playbooks.map(read)].flatMap(rolesIn), role => yamlOf(role).flatMap(rolesIn));
  const plays = [text, ...playbooks.map(read), ...roles.flatMap(yamlOf)];
  const modules = existing([...new Set(plays.flatMap(modulesIn))].map(name => `src/modules/${name}/${name}.ts`));
  const parts = closure(modules, file => importsOf(file).filter(isNamed));
  const helpers = closure([testFile], importsOf).filter(file => file.startsWith('test/'));
  return { own: [...helpers, ...playbooks, ...roles.map(role => `roles/${role}/`), ...parts], common };
}

/**
 * The first of these changed files that the test depends on by name, or else by what every run goes
 * through.
 */
export function concerned(
  { common: shared, own }: Concern,
  changed: readonly string[],
): { by: 'own' | 'common'; file: string } | undefined {
  const first = (places: readonly string[], files: readonly string[]) =>
    files.find(file => places.some(place => file === place || (place.endsWith('/') && file.startsWith(place))));
  const mine = first(own, changed);
  if (mine !== undefined) return { by: 'own', file: mine };
  const file = first(
    shared,
    changed.filter(name => !isNamed(name)),
  );
  return file === undefined ? undefined : { by: 'common', file };
}

function isNamed(file: string): boolean {
  return named.some(folder => file.startsWith(folder));
}

const allRoles = globSync('roles/*/').map(folder => folder.split('/')[1] as string);

/** Roles that a test, a playbook or a role names: 'NAME' as an argument, `role: NAME`. */
function rolesIn(text: string): string[] {
  return allRoles.filter(role => new RegExp(`(?:['"]|role: )${role}(?:['"]|\\b(?!-))`).test(text));
}

/** Words in the place of a key that are modules. */
function modulesIn(text: string): string[] {
  return [...text.matchAll(/(?<![\w.-])([a-z][a-z0-9_]+):/g)].map(([, name]) => name as string);
}

function yamlOf(role: string): string[] {
  return globSync(`roles/${role}/{tasks,handlers}/**/*.yml`).map(read);
}

function importsOf(file: string): string[] {
  const found = read(file).matchAll(/^(?:import|export)\b[^;]*?from '(\.[^']+)';/gms);
  return existing([...found].map(([, target]) => normalize(join(dirname(file), target as string))));
}

/** Some items with all that they lead to. */
function closure(start: readonly string[], next: (item: string) => readonly string[]): string[] {
  const found = new Set(start);
  for (const item of found) for (const other of next(item)) found.add(other);
  return [...found];
}

function existing(files: readonly string[]): string[] {
  return files.filter(file => existsSync(file) && statSync(file).isFile());
}

function read(file: string): string {
  return readFileSync(file, 'utf8');
}
