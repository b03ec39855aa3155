import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { messageOf } from '../../errors.ts';
import { hazards } from '../../events/result.ts';
import type { ConnectionKind } from '../../language/connection-kinds.ts';
import type { FormName } from '../../reporters/index.ts';
import { settingOption } from '../settings/option.ts';

/** What the commands that reach hosts have in common, as commander gives it. */
export interface RunFlags {
  readonly inventory: readonly string[];
  readonly limit?: string;
  readonly extraVars: readonly string[];
  readonly forks: number;
  readonly lookAhead: number;
  readonly check?: boolean;
  readonly diff?: boolean;
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly allow: readonly (typeof hazards)[number][];
  readonly taskTimeout?: number;
  readonly forceHandlers?: boolean;
  readonly verbose: number;
  readonly output: 'auto' | FormName;
  readonly follow: readonly string[];
  readonly timings?: boolean;
  readonly report?: string;
  readonly detailedExitcode?: boolean;
  readonly user?: string;
  readonly privateKey?: string;
  readonly connection?: ConnectionKind;
  readonly timeout: number;
  readonly hostKeyChecking: 'strict' | 'accept-new';
  readonly become?: boolean;
  readonly becomeUser?: string;
  readonly becomeMethod?: 'sudo' | 'su' | 'doas';
  readonly askBecomePass?: boolean;
  readonly becomePasswordFile?: string;
  readonly askPass?: boolean;
  readonly connectionPasswordFile?: string;
  readonly rolesPath: readonly string[];
  readonly rolesFile?: string;
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function commas(value: string, before: readonly string[]): readonly string[] {
  return [...before, ...value.split(',').map(item => item.trim())];
}

function hazardList(value: string, before: readonly string[]): readonly string[] {
  const given = commas(value, before);
  const wrong = given.find(item => !hazards.some(hazard => hazard === item));
  if (wrong !== undefined) throw new InvalidArgumentError(`"${wrong}" is none of ${hazards.join(', ')}.`);
  return given;
}

/** A pattern of hosts, or the lines of a file that has one in each. */
function limitOf(value: string): string {
  if (!value.startsWith('@')) return value;
  const file = value.slice(1);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw new InvalidArgumentError(`The file ${file} cannot be read: ${messageOf(error)}`);
    const hint = file.endsWith('.retry') ? ' Hostwright writes none: name the hosts, -l hv1:hv2.' : '';
    throw new InvalidArgumentError(`The file ${file} does not exist.${hint}`);
  }
  const lines = text.split('\n').map(line => line.replace(/#.*$/, '').trim());
  const patterns = lines.filter(line => line !== '');
  if (patterns.length === 0) throw new InvalidArgumentError(`The file ${file} names no host.`);
  return patterns.join('\n');
}

/** Options about which hosts and variables. */
export function inventoryOptions(command: Command): Command {
  return command
    .addOption(settingOption('inventory'))
    .option('-l, --limit <pattern>', 'only these of the hosts; @FILE has a pattern in each line', limitOf)
    .option('-e, --extra-vars <vars>', 'variables: k=v, JSON, or @FILE; stronger than all others', collect, [])
    .addOption(settingOption('roles_path'))
    .addOption(settingOption('roles_file'));
}

/** Options about how hosts are reached. */
export function connectionOptions(command: Command): Command {
  return command
    .addOption(settingOption('user'))
    .addOption(settingOption('private_key'))
    .addOption(settingOption('connection'))
    .addOption(settingOption('timeout'))
    .addOption(settingOption('host_key_checking'))
    .option('-k, --ask-pass', 'ask for the login password')
    .addOption(settingOption('connection_password_file'))
    .addOption(settingOption('become'))
    .addOption(settingOption('become_user'))
    .addOption(settingOption('become_method'))
    .option('-K, --ask-become-pass', 'ask for the password that becoming needs')
    .addOption(settingOption('become_password_file'));
}

/** The limit of tasks that name none. */
export function taskTimeoutOption(command: Command): Command {
  return command.addOption(settingOption('task_timeout'));
}

/** Options about the run. */
export function runOptions(command: Command): Command {
  return taskTimeoutOption(command)
    .option('-C, --check', 'only say what would change')
    .addOption(settingOption('diff'))
    .addOption(settingOption('forks'))
    .addOption(settingOption('look_ahead'))
    .option('--allow <hazards>', `consent to ${hazards.join(', ')}`, hazardList, [])
    .option('--force-handlers', 'run the notified handlers of a host that fails, too')
    .option('-v, --verbose', 'say more; -vvv also how hosts are reached', (_, before: number) => before + 1, 0)
    .addOption(settingOption('output'))
    .option('--follow <host>', 'show what the tasks of this host print, while they print it', commas, [])
    .option('--timings', 'say at the end how long tasks and roles took')
    .option('--report <file>', 'write the events of the run to a file, as JSON lines')
    .option(
      '--detailed-exitcode',
      'exit with 3 when all went well and something changed, or would or may in check mode',
    );
}

/** Options about which tasks run. */
export function tagOptions(command: Command): Command {
  return command
    .option('-t, --tags <tags>', 'only tasks with these tags', commas, [])
    .option('--skip-tags <tags>', 'no tasks with these tags', commas, []);
}
