import { lstatSync, readFileSync } from 'node:fs';
import { leastSecret } from '../events/secret-forms.ts';
import { isMap } from '../language/source.ts';
import { readYaml } from '../language/yaml.ts';
import { quote } from '../shell/quote.ts';
import type { RunFlags } from './options.ts';

/** Names of variables and files that are those of secrets. */
const secretName = /passw|passphrase|secret|token|credential|vault|private_key|api_?key|_pass$/i;

/**
 * What to say of the secrets of a command line: files with them that other users may read, and
 * passwords that are too short to be masked. A line each.
 */
export function openSecrets({ connectionPasswordFile, becomePasswordFile, extraVars }: RunFlags): readonly string[] {
  const passwords = [connectionPasswordFile, becomePasswordFile].filter(file => file !== undefined);
  const variables = extraVars.flatMap(given => (given.startsWith('@') ? [given.slice(1)] : [])).filter(holdsSecrets);
  return [
    ...[...new Set([...passwords, ...variables])]
      .filter(isOpen)
      .map(file => `Other users may read ${file}, which holds secrets: chmod 600 ${quote(file)}`),
    ...[...new Set(passwords)]
      .filter(isShort)
      .map(
        file => `The password in ${file} has less than ${leastSecret} characters: it is not masked in what is shown.`,
      ),
  ];
}

/** Variables in general are not secret: the name of the file, or of one of them, must say so. */
function holdsSecrets(file: string): boolean {
  if (secretName.test(file)) return true;
  const { value } = readYaml(file);
  return isMap(value) && Object.keys(value).some(name => secretName.test(name));
}

/** A link and a pipe have no permissions of their own. */
function isOpen(file: string): boolean {
  const found = lstatSync(file, { throwIfNoEntry: false });
  return found?.isFile() === true && (found.mode & 0o044) !== 0;
}

function isShort(file: string): boolean {
  if (!lstatSync(file, { throwIfNoEntry: false })?.isFile()) return false;
  const { length } = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  return length > 0 && length < leastSecret;
}
