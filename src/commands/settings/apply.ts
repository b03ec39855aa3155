import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { exitCodes, HostwrightError } from '../../errors.ts';
import { type Diagnostic, InvalidInput } from '../../language/diagnostic.ts';
import { fromEnvironment } from './environment.ts';
import { type FileSetting, fileVariable, findProjectFile, projectFileName, readProjectFile } from './project-file.ts';
import { optionName, type SettingName, settingNames, settingOf, variableName } from './table.ts';

/** A value that stands under the options of a command line, and what set it. */
export interface OuterValue {
  readonly value: unknown;
  /** The variable, or file:line:column. */
  readonly source: string;
  /** See {@link FileSetting}. */
  readonly missing?: Diagnostic;
}

/**
 * Puts what the environment and hostwright.yml say under the options that a command was not given;
 * {@link sourceOf} tells which.
 * @throws InvalidInput, HostwrightError for wrong settings
 */
export function applySettings(command: Command): void {
  for (const [name, { value, source, missing }] of outerValues(command)) {
    const option = optionOf(command, name);
    const { yieldsTo } = settingOf(name);
    const yields = yieldsTo !== undefined && command.getOptionValueSource(yieldsTo) === 'cli';
    if (option && !yields && sourceOf(command, name) === 'default') {
      // That command only shows what is set.
      if (missing && command.name() !== 'config') throw new InvalidInput([missing]);
      command.setOptionValueWithSource(option.attributeName(), value, source);
    }
  }
}

/**
 * What the environment and hostwright.yml say of the settings for which a command has options.
 * @param playbooks those whose hostwright.yml counts; the arguments of the command
 */
export function outerValues(
  command: Command,
  playbooks: readonly string[] = playbooksOf(command),
): ReadonlyMap<SettingName, OuterValue> {
  const names = settingNames.filter(name => optionOf(command, name) !== undefined);
  const ofFile = names.length === 0 ? new Map<SettingName, FileSetting>() : fileSettings(playbooks);
  const found = new Map<SettingName, OuterValue>();
  for (const name of names) {
    const value = fromEnvironment(name);
    const written = ofFile.get(name);
    if (value !== undefined) found.set(name, { value, source: variableName(name) });
    else if (written) {
      const { file, line, column } = written.at;
      const { value, missing } = written;
      found.set(name, { value, source: `${file}:${line}:${column}`, ...(missing && { missing }) });
    }
  }
  return found;
}

/**
 * What has set the option of a setting: the option itself, the variable, file:line:column, or
 * `default`.
 */
export function sourceOf(command: Command, name: SettingName): string {
  const option = optionOf(command, name);
  const source = option && command.getOptionValueSource(option.attributeName());
  return source === 'cli' ? optionName(name) : (source ?? 'default');
}

/** The option of a setting, where a command has it. */
export function optionOf(command: Command, name: SettingName) {
  return command.options.find(({ long }) => long === optionName(name));
}

function fileSettings(playbooks: readonly string[]): ReadonlyMap<SettingName, FileSetting> {
  const named = process.env[fileVariable];
  if (named) return readProjectFile(named, true);
  const folders = new Set(playbooks.map(folderOf));
  const files = new Set((folders.size === 0 ? ['.'] : [...folders]).map(findProjectFile));
  const [file, other] = [...files];
  if (files.size > 1) {
    throw new HostwrightError(
      'settings.several',
      `These playbooks have different settings: ${file ?? 'no file'} and ${other ?? 'no file'}.`,
      {
        hint: `Run them one after the other, or name the ${projectFileName} of all with ${fileVariable}.`,
        exitCode: exitCodes.usage,
      },
    );
  }
  return file === undefined ? new Map() : readProjectFile(file, false);
}

/**
 * The place of the argument of a command that names playbooks, or folders of them; -1 if it has
 * none.
 */
export function playbookArgument({ registeredArguments }: Command): number {
  return registeredArguments.findIndex(argument => ['playbook', 'path'].includes(argument.name()));
}

/** The playbooks that the arguments of a command name. */
export function playbooksOf(command: Command): readonly string[] {
  const { processedArgs } = command;
  const at = playbookArgument(command);
  return at < 0 ? [] : [processedArgs[at] ?? []].flat();
}

function folderOf(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? path : dirname(path);
}
