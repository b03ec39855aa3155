import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { messageOf } from '../errors.ts';
import { hazards } from '../events/result.ts';
import { type ConnectionKind, connectionKinds } from '../language/connection-kinds.ts';
import { defaultLookAhead } from '../run/look-ahead.ts';

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
  readonly output: 'auto' | 'lines' | 'jsonl' | 'terminal';
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

function wholeNumber(value: string): number {
  if (/^\d+$/.test(value)) return Number(value);
  throw new InvalidArgumentError('It is 0 or more.');
}

function positive(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number from 1 up.');
  return number;
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
    throw new InvalidArgumentError(`The file ${file} cannot be read: ${messageOf(error)}`);
  }
  const lines = text.split('\n').map(line => line.replace(/#.*$/, '').trim());
  const patterns = lines.filter(line => line !== '');
  if (patterns.length === 0) throw new InvalidArgumentError(`The file ${file} names no host.`);
  return patterns.join(',');
}

export const rolesFileHelp = 'the pinned roles; roles.yml beside the playbook or here without';

/** Options about which hosts and variables. */
export function inventoryOptions(command: Command): Command {
  return command
    .option(
      '-i, --inventory <source>',
      'inventory file, folder or program, or hosts with commas; may be given again',
      collect,
      [],
    )
    .option('-l, --limit <pattern>', 'only these of the hosts; @FILE has a pattern in each line', limitOf)
    .option('-e, --extra-vars <vars>', 'variables: k=v, JSON, or @FILE; stronger than all others', collect, [])
    .option('--roles-path <folder>', 'where roles are looked for first', collect, [])
    .option('--roles-file <file>', rolesFileHelp);
}

/** Options about how hosts are reached. */
export function connectionOptions(command: Command): Command {
  return command
    .option('-u, --user <name>', 'log in as this user')
    .option('--private-key <file>', 'log in with this key')
    .addOption(new Option('-c, --connection <kind>', 'how hosts are reached').choices([...connectionKinds]))
    .option('-T, --timeout <seconds>', 'limit of a connection', positive, 15)
    .addOption(
      new Option('--host-key-checking <policy>', 'what to do with an unknown host key')
        .choices(['strict', 'accept-new'])
        .default('strict'),
    )
    .option('-k, --ask-pass', 'ask for the login password')
    .option('--connection-password-file <file>', 'read the login password from a file')
    .option('-b, --become', 'become another user (root)')
    .option('--become-user <name>', 'become this user')
    .addOption(new Option('--become-method <method>', 'how').choices(['sudo', 'su', 'doas']))
    .option('-K, --ask-become-pass', 'ask for the password that becoming needs')
    .option('--become-password-file <file>', 'read that password from a file');
}

/** The limit of tasks that name none. */
export function taskTimeoutOption(command: Command): Command {
  return command.option(
    '--task-timeout <seconds>',
    'limit of a task that has no "timeout:", for a slow host',
    positive,
  );
}

/** Options about the run. */
export function runOptions(command: Command): Command {
  return taskTimeoutOption(command)
    .option('-C, --check', 'only say what would change')
    .option('-D, --diff', 'show what differs')
    .option('-f, --forks <number>', 'hosts at once', positive, 50)
    .option(
      '--look-ahead <number>',
      'probes of coming tasks that travel with the one whose turn it is, at most; 0 sends each in its turn',
      wholeNumber,
      defaultLookAhead,
    )
    .option('--allow <hazards>', `consent to ${hazards.join(', ')}`, hazardList, [])
    .option('--force-handlers', 'run the notified handlers of a host that fails, too')
    .option('-v, --verbose', 'say more; -vv still more', (_, before: number) => before + 1, 0)
    .addOption(
      new Option('-o, --output <form>', 'what to print')
        .choices(['auto', 'lines', 'jsonl', 'terminal'])
        .default('auto'),
    )
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
