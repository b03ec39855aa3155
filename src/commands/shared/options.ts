import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Hazard, hazards } from '../../events/result.ts';
import { settingOption } from '../settings/option.ts';
import type { SettingFlags, SettingName } from '../settings/table.ts';

const none: readonly string[] = [];

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function commas(value: string, before: readonly string[]): readonly string[] {
  return [...before, ...value.split(',').map(item => item.trim())];
}

function hazardList(value: string, before: readonly Hazard[]): readonly Hazard[] {
  const given = commas(value, []);
  const wrong = given.find(item => !isHazard(item));
  if (wrong !== undefined) throw new InvalidArgumentError(`"${wrong}" is none of ${hazards.join(', ')}.`);
  return [...before, ...given.filter(isHazard)];
}

function isHazard(name: string): name is Hazard {
  return hazards.some(hazard => hazard === name);
}

/** An option that no setting stands behind: it is for one run. */
interface Flag {
  /** As commander has them: `-l, --limit <pattern>`. */
  readonly flags: string;
  readonly summary: string;
  /** Makes the value of what is given; an option that may be given again adds to what it has. */
  // biome-ignore lint/suspicious/noExplicitAny: what an option has so far is what its own parser gave.
  readonly parse?: (given: string, before: any) => unknown;
  /** What it has where it is not given. */
  readonly initial?: unknown;
}

/** The options that are for one run, by commander's names for them. */
export const flags = {
  limit: {
    flags: '-l, --limit <pattern>',
    summary: 'only these of the hosts; @RUN:STATE are those of a run, @FILE has a pattern in each line',
  },
  extraVars: {
    flags: '-e, --extra-vars <vars>',
    summary: 'variables: k=v, JSON, or @FILE; stronger than all others',
    parse: collect,
    initial: none,
  },
  askPass: { flags: '-k, --ask-pass', summary: 'ask for the login password' },
  askBecomePass: { flags: '-K, --ask-become-pass', summary: 'ask for the password that becoming needs' },
  check: { flags: '-C, --check', summary: 'only say what would change' },
  allow: { flags: '--allow <hazards>', summary: `consent to ${hazards.join(', ')}`, parse: hazardList, initial: none },
  forceHandlers: { flags: '--force-handlers', summary: 'run the notified handlers of a host that fails, too' },
  verbose: {
    flags: '-v, --verbose',
    summary: 'say more; -vvv also how hosts are reached',
    parse: (_: string, before: number) => before + 1,
    initial: 0,
  },
  follow: {
    flags: '--follow <host>',
    summary: 'show what the tasks of this host print, while they print it',
    parse: commas,
    initial: none,
  },
  timings: { flags: '--timings', summary: 'say at the end how long tasks and roles took' },
  report: { flags: '--report <file>', summary: 'write the events of the run to a file, as JSON lines' },
  detailedExitcode: {
    flags: '--detailed-exitcode',
    summary: 'exit with 3 when all went well and something changed, or would or may in check mode',
  },
  tags: { flags: '-t, --tags <tags>', summary: 'only tasks with these tags', parse: commas, initial: none },
  skipTags: { flags: '--skip-tags <tags>', summary: 'no tasks with these tags', parse: commas, initial: none },
} as const satisfies Readonly<Record<string, Flag>>;

type FlagName = keyof typeof flags;

/** Options that have a value in any case. */
type Kept = { [Name in FlagName]: (typeof flags)[Name] extends { initial: unknown } ? Name : never }[FlagName];

type ValueOf<Of extends Flag> = Of extends { parse: (...given: never[]) => infer Value }
  ? Value
  : Of['flags'] extends `${string}<${string}`
    ? string
    : boolean;

/** What the commands that reach hosts have in common, as commander gives it. */
export type RunFlags = SettingFlags & { readonly [Name in Kept]: ValueOf<(typeof flags)[Name]> } & {
  readonly [Name in Exclude<FlagName, Kept>]?: ValueOf<(typeof flags)[Name]>;
};

function withFlag(command: Command, name: FlagName): Command {
  const { flags: words, summary, parse, initial }: Flag = flags[name];
  const option = new Option(words, summary);
  if (parse) option.argParser(parse);
  return command.addOption(initial === undefined ? option : option.default(initial));
}

/** Adds options in this order: those of settings by their key, the others by their name here. */
function withOptions(command: Command, names: readonly (SettingName | FlagName)[]): Command {
  return names.reduce(
    (made, name) =>
      name in flags ? withFlag(made, name as FlagName) : made.addOption(settingOption(name as SettingName)),
    command,
  );
}

/** Options about which hosts and variables. */
export function inventoryOptions(command: Command): Command {
  return withOptions(command, ['inventory', 'limit', 'extraVars', 'roles_path', 'roles_file', 'state']);
}

/** Options about how hosts are reached. */
export function connectionOptions(command: Command): Command {
  return withOptions(command, [
    'user',
    'private_key',
    'connection',
    'timeout',
    'host_key_checking',
    'askPass',
    'connection_password_file',
    'become',
    'become_user',
    'become_method',
    'askBecomePass',
    'become_password_file',
  ]);
}

/** The limit of tasks that name none. */
export function taskTimeoutOption(command: Command): Command {
  return withOptions(command, ['task_timeout']);
}

/** How a run is recorded, and who is told of it. */
const recordOptions = [
  'journal',
  'keep_days',
  'keep_runs',
  'notify_url',
  'notify_secret_file',
  'notify_program',
] as const satisfies readonly SettingName[];

/** Options about the run. */
export function runOptions(command: Command): Command {
  return planOptions(withOptions(command, ['check', 'output']));
}

/** Options of a plan of changes: those of a run, in check mode and for people. */
export function planOptions(command: Command): Command {
  return withOptions(taskTimeoutOption(command), [
    'diff',
    'forks',
    'look_ahead',
    'allow',
    'forceHandlers',
    'verbose',
    'follow',
    'timings',
    'report',
    'detailedExitcode',
    ...recordOptions,
  ]);
}

/** Options for carrying out a plan of changes. */
export function applyOptions(command: Command): Command {
  return withOptions(resumeOptions(command), ['limit']);
}

/** Options about a run that only looks, and is recorded. */
export function driftOptions(command: Command): Command {
  return withOptions(taskTimeoutOption(command), ['diff', 'forks', 'look_ahead', 'max_hosts', ...recordOptions]);
}

/** Options that may be given again to a run that goes on. */
export function resumeOptions(command: Command): Command {
  return withOptions(command, [
    'extraVars',
    'askPass',
    'connection_password_file',
    'askBecomePass',
    'become_password_file',
    'allow',
    'forks',
    'verbose',
    'diff',
    'output',
    'timings',
    'report',
    'state',
  ]);
}

/** Options about which tasks run. */
export function tagOptions(command: Command): Command {
  return withOptions(command, ['tags', 'skipTags']);
}
