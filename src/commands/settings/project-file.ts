import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { exitCodes, HostwrightError, messageOf } from '../../errors.ts';
import { type Diagnostic, diagnose } from '../../language/diagnostic.ts';
import { collectProblems } from '../../language/problems.ts';
import type { Position, YamlSource } from '../../language/source.ts';
import { parseYaml } from '../../language/yaml.ts';
import { projectFileSchema } from './schema.ts';
import { pathInFile, type SettingName, settingNames, settingOf } from './table.ts';
import { distrust } from './trust.ts';

export const projectFileName = 'hostwright.yml';

/** The variable that names a file of settings; such a file is trusted, whoever wrote it. */
export const fileVariable = 'HOSTWRIGHT_CONFIG';

/**
 * A setting of a file: its value, with paths as they are from the working folder, and where it is.
 */
export interface FileSetting {
  readonly value: unknown;
  readonly at: Position;
  /** The path of it that must be there and is not. */
  readonly missing?: Diagnostic;
}

/**
 * hostwright.yml in a folder or the nearest one above it, as a path from the working folder;
 * undefined if there is none.
 */
export function findProjectFile(folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const file = join(at, projectFileName);
    if (existsSync(file)) return shorter(file);
    if (at === dirname(at)) return undefined;
  }
}

function shorter(file: string): string {
  const near = relative('', file);
  return near.length < file.length ? near : file;
}

/**
 * Reads a file of settings.
 * @param isNamed whether the user has named it: then it is not asked who may have written it.
 * @throws InvalidInput with everything that is wrong with it; HostwrightError `settings.trust`,
 * `settings.file`
 */
export function readProjectFile(file: string, isNamed: boolean): ReadonlyMap<SettingName, FileSetting> {
  const source = parseYaml(readTrusted(file, isNamed), file);
  const value = source.value ?? {};
  const problems = collectProblems();
  problems.schema(projectFileSchema, value, { source, path: [] });
  problems.throwIfAny();
  const given = settingNames.filter(name => writtenIn(value, name) !== undefined);
  return new Map(given.map(name => [name, fileSetting(name, source)]));
}

function fileSetting(name: SettingName, source: YamlSource): FileSetting {
  const value = fromFile(name, writtenIn(source.value, name), source.file);
  const path = pathInFile(name);
  const at = source.at(path);
  const paths = [value].flat().map(String);
  const missing = settingOf(name).mustExist ? paths.findIndex(path => !path.includes(',') && !existsSync(path)) : -1;
  if (missing < 0) return { value, at };
  const place = Array.isArray(value) ? source.at([...path, missing]) : at;
  const message = `"${path.join('.')}" names ${paths[missing]}, which is not there`;
  const hint = `Make it, or correct the path: it begins at the folder of ${projectFileName}.`;
  return { value, at, missing: diagnose(source.text, place, message, hint) };
}

/** What a file says of a setting; undefined where it does not. */
function writtenIn(value: unknown, name: SettingName): unknown {
  return pathInFile(name).reduce((map, key) => (map as Readonly<Record<string, unknown>> | undefined)?.[key], value);
}

function readTrusted(file: string, isNamed: boolean): string {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch (cause) {
    throw new HostwrightError('settings.file', `The settings ${file} cannot be read: ${messageOf(cause)}`, {
      exitCode: exitCodes.usage,
      cause,
    });
  }
  try {
    const why = isNamed ? undefined : distrust(file, fd);
    if (why === undefined) return readFileSync(fd, 'utf8');
    throw new HostwrightError('settings.trust', `The settings ${file} are not used: ${why}.`, {
      hint:
        'They could make this command run programs, or log in elsewhere. Read the file; to ' +
        'use it, give it to yourself ' +
        `and take the right to write from others (chown, chmod), or set ${fileVariable}=${file}. ` +
        `To go without, set ${fileVariable}=/dev/null.`,
      exitCode: exitCodes.usage,
    });
  } finally {
    closeSync(fd);
  }
}

function fromFile(name: SettingName, value: unknown, file: string): unknown {
  if (!settingOf(name).isPath) return value;
  return Array.isArray(value) ? value.map(item => pathFrom(file, String(item))) : pathFrom(file, String(value));
}

function pathFrom(file: string, written: string): string {
  if (written.includes(',') || isAbsolute(written)) return written;
  return /^~(?=\/|$)/.test(written) ? join(homedir(), written.slice(1)) : join(dirname(file), written);
}
