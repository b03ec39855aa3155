import { statSync } from 'node:fs';
import type { Inventory } from '../../inventory/inventory.ts';
import { isMap } from '../../language/source.ts';
import { quote } from '../../shell/quote.ts';
import { leastSecret } from '../../values/secret-forms.ts';
import { isTemplate } from '../../values/template.ts';
import type { ExtraVars } from './extra-vars.ts';
import type { RunFlags } from './options.ts';

/** Names of variables and files that are those of secrets. */
const secretName = /passw|passphrase|secret|token|credential|vault|private_key|api_?key|_pass$/i;

/**
 * Letters of a value below which it may well be a word of its own: masked, it would be missed
 * everywhere.
 */
const leastValue = 6;

/**
 * The texts in variables whose names say that they are secret, at any depth. Templates are none,
 * and paths lead to one at most.
 */
export function secretsIn(values: unknown, isSecret = false): readonly string[] {
  if (typeof values === 'string')
    return isSecret && values.length >= leastValue && !values.startsWith('/') && !isTemplate(values) ? [values] : [];
  if (Array.isArray(values)) return values.flatMap(item => secretsIn(item, isSecret));
  if (!isMap(values)) return [];
  return Object.entries(values).flatMap(([name, value]) => secretsIn(value, isSecret || valueName.test(name)));
}

/** Names of variables that hold a secret itself. */
const valueName = /passw(?:or)?d|passphrase|secret|token|private_key|api_?key|_pass$/i;

/**
 * The secrets of a command's variables, those of `-e` and the inventory, by their names. Passwords
 * that come later may be added.
 */
export function namedSecrets(inventory: Inventory, extraVars: ExtraVars): Set<string> {
  const variables = [...inventory.hosts.values()].flatMap(host => host.variables.map(({ values }) => values));
  return new Set(secretsIn([extraVars.values, ...variables]));
}

/** What a command line has brought that is secret, or may be. */
export interface Brought extends Pick<RunFlags, 'connectionPasswordFile' | 'becomePasswordFile'> {
  readonly extraVars: ExtraVars;
  readonly passwords: Iterable<string>;
}

/**
 * What to say of the secrets of a command line: files with them that other users may read, and
 * passwords that are too short to be masked. A line each.
 */
export function openSecrets(brought: Brought): readonly string[] {
  const { connectionPasswordFile, becomePasswordFile, extraVars, passwords } = brought;
  // Variables in general are not secret: the name of the file, or of one of them, must say so.
  const variables = [...extraVars.files].filter(([file, names]) =>
    [file, ...names].some(name => secretName.test(name)),
  );
  const files = [connectionPasswordFile, becomePasswordFile, ...variables.map(([file]) => file)];
  const isShort = [...passwords].some(({ length }) => length > 0 && length < leastSecret);
  return [
    ...[...new Set(files.filter(file => file !== undefined))]
      .filter(isOpen)
      .map(file => `Other users may read ${file}, which holds secrets: chmod 600 ${quote(file)}`),
    ...(isShort ? [`A password has less than ${leastSecret} characters: it is not masked in what is shown.`] : []),
  ];
}

/** Whether other users may read what a path leads to; a pipe has no permissions of its own. */
function isOpen(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found?.isFile() === true && (found.mode & 0o044) !== 0;
}
