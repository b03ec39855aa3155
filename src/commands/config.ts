import type { Command } from 'commander';
import { suggest } from '../language/suggest.ts';
import { optionOf, sourceOf } from './settings/apply.ts';
import { settingOption } from './settings/option.ts';
import { fileVariable } from './settings/project-file.ts';
import { type SettingName, settingNames, settingOf, variableName } from './settings/table.ts';

/** A setting as a command line would have it. */
interface Shown {
  /** Null where nothing sets it. */
  readonly value: unknown;
  /** The option, the variable, file:line:column, or `default`. */
  readonly source: string;
}

/** `hostwright config [PLAYBOOK…]` */
export function addConfig(program: Command, done: (exitCode: number) => void): void {
  const command = program
    .command('config')
    .description('Show each setting with its value, and what set it.')
    .argument('[playbook...]', 'with the hostwright.yml that counts for them; else that of the working folder');
  for (const name of settingNames) command.addOption(settingOption(name));
  command
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
A setting is what its option says, else its variable (HOSTWRIGHT_FORKS), else
hostwright.yml next to the playbook or above it, else its default.
${fileVariable} names another file.

Examples:
  hostwright config playbooks/site.yml
  hostwright config --json
  hostwright config -f 5                 with these options`,
    )
    .action((_playbooks: readonly string[], { json }: { readonly json?: boolean }) => {
      const shown = settingsOf(command);
      process.stdout.write(json ? `${JSON.stringify(Object.fromEntries(shown), undefined, 2)}\n` : table(shown));
      warnOfUnknown();
      done(0);
    });
}

function settingsOf(command: Command): readonly (readonly [SettingName, Shown])[] {
  return settingNames.map(name => {
    const source = sourceOf(command, name);
    const option = optionOf(command, name);
    const set = source === 'default' ? undefined : option && command.getOptionValue(option.attributeName());
    return [name, { value: set ?? settingOf(name).default ?? null, source }];
  });
}

function table(shown: readonly (readonly [SettingName, Shown])[]): string {
  const rows = shown.map(([name, { value, source }]) => [name, textOf(value), source] as const);
  const width = (column: 0 | 1) => Math.max(...rows.map(row => row[column].length));
  const [names, values] = [width(0), width(1)];
  return rows.map(([name, value, source]) => `${name.padEnd(names)}  ${value.padEnd(values)}  ${source}\n`).join('');
}

function textOf(value: unknown): string {
  if (value === null) return '-';
  return Array.isArray(value) ? value.join(' ') : String(value);
}

/** A variable that is not a setting may be one that is spelt wrong, or a value for a playbook. */
function warnOfUnknown(): void {
  const known = settingNames.map(variableName);
  for (const name of Object.keys(process.env).filter(each => each.startsWith('HOSTWRIGHT_'))) {
    const hint = known.includes(name) || name === fileVariable ? undefined : suggest(name, known);
    if (hint !== undefined) process.stderr.write(`${name} in the environment is not a setting. ${hint}\n`);
  }
}
