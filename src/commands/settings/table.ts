import { connectionKinds } from '../../language/connection-kinds.ts';
import { type FormName, forms } from '../../reporters/index.ts';
import { defaultLookAhead } from '../../run/state/look-ahead.ts';

/** A default that a project, the environment or the command line may set. */
export interface Setting {
  readonly short?: string;
  /** What the option takes, in angle brackets; an option without it is on or off. */
  readonly takes?: string;
  readonly summary: string;
  /** JSON Schema of its value in hostwright.yml. */
  readonly schema: SettingSchema;
  readonly default?: string | number;
  /** The map of hostwright.yml that has it; its key there is what follows of its name. */
  readonly within?: 'notify';
  /**
   * In hostwright.yml, a path that is relative to that file; a list of hosts with commas is left as
   * it is.
   */
  readonly isPath?: boolean;
  /** Of a setting that is a path: it must be there, where hostwright.yml names it. */
  readonly mustExist?: true;
  /**
   * The option of a command line, by its attribute, that says something else: then the setting does
   * not count.
   */
  readonly yieldsTo?: string;
  /**
   * What separates the items of a list in the environment; without it, the variable holds one item.
   */
  readonly separator?: string;
}

export interface SettingSchema {
  readonly type: 'string' | 'integer' | 'boolean' | 'array';
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly 'x-form'?: string;
  readonly items?: { readonly type: 'string'; readonly minLength: number };
}

const text = { type: 'string', minLength: 1 } as const;
const list = { type: 'array', items: text } as const;
const flag = { type: 'boolean' } as const;

function count(minimum: number) {
  return { type: 'integer', minimum } as const;
}

function choice<const Choice extends string>(...values: readonly Choice[]) {
  return { type: 'string', enum: values } as const;
}

/**
 * All settings, by their key in hostwright.yml. The option is `--` and the key with `-` for `_`;
 * the variable of the environment is `HOSTWRIGHT_` and the key in capitals. Options, the schema for
 * editors, the page of the manual and docs/settings.md are made from this table. Consent
 * (`--allow`) is not among them: it is for one run.
 */
export const settings = {
  inventory: {
    short: '-i',
    takes: '<source>',
    summary: 'inventory file, folder or program, or hosts with commas; may be given again',
    schema: list,
    isPath: true,
    mustExist: true,
  },
  roles_path: {
    takes: '<folder>',
    summary: 'where roles are looked for first; may be given again',
    schema: list,
    isPath: true,
    separator: ':',
  },
  roles_file: {
    takes: '<file>',
    summary: 'the pinned roles; without it, roles.yml next to the playbook or in the working folder',
    schema: text,
    isPath: true,
  },
  user: { short: '-u', takes: '<name>', summary: 'log in as this user', schema: text },
  private_key: { takes: '<file>', summary: 'log in with this key', schema: text, isPath: true },
  connection: {
    short: '-c',
    takes: '<kind>',
    summary: 'how hosts are reached',
    schema: choice(...connectionKinds),
  },
  timeout: { short: '-T', takes: '<seconds>', summary: 'limit of a connection', schema: count(1), default: 15 },
  host_key_checking: {
    takes: '<policy>',
    summary: 'what to do with an unknown host key',
    schema: choice('strict', 'accept-new'),
    default: 'strict',
  },
  connection_password_file: {
    takes: '<file>',
    summary: 'read the login password from a file',
    schema: text,
    isPath: true,
    mustExist: true,
    yieldsTo: 'askPass',
  },
  become: { short: '-b', summary: 'become another user (root)', schema: flag, yieldsTo: 'becomeUser' },
  become_user: { takes: '<name>', summary: 'become this user', schema: text },
  become_method: {
    takes: '<method>',
    summary: 'the program that makes another user of you',
    schema: choice('sudo', 'su', 'doas'),
  },
  become_password_file: {
    takes: '<file>',
    summary: 'read the password for becoming another user from a file',
    schema: text,
    isPath: true,
    mustExist: true,
    yieldsTo: 'askBecomePass',
  },
  task_timeout: {
    takes: '<seconds>',
    summary: 'limit of a task that has no "timeout:", for a slow host',
    schema: count(1),
  },
  max_hosts: { takes: '<number>', summary: 'refuse to begin if there are more hosts', schema: count(1) },
  forks: { short: '-f', takes: '<number>', summary: 'hosts at once', schema: count(1), default: 50 },
  look_ahead: {
    takes: '<number>',
    summary: 'probes of coming tasks that travel with the one whose turn it is, at most; 0 sends each in its turn',
    schema: count(0),
    default: defaultLookAhead,
  },
  journal: { summary: 'record the run, which is so without being asked', schema: flag },
  state: {
    takes: '<folder>',
    summary: 'where runs are recorded; without it, hostwright in $XDG_STATE_HOME or ~/.local/state',
    schema: text,
    isPath: true,
  },
  keep_days: {
    takes: '<days>',
    summary: 'how long recorded runs are kept',
    schema: count(1),
    default: 400,
  },
  keep_runs: { takes: '<number>', summary: 'how many recorded runs are kept', schema: count(1), default: 1000 },
  notify_url: {
    takes: '<url>',
    summary: 'tell this address what has become of hosts, once, after each recorded run',
    schema: { ...text, pattern: '^https?://', 'x-form': 'a URL that begins with https://' },
    within: 'notify',
  },
  notify_secret_file: {
    takes: '<file>',
    summary: 'sign what that address is told with the secret in this file',
    schema: text,
    within: 'notify',
    isPath: true,
    mustExist: true,
  },
  notify_program: {
    takes: '<file>',
    summary: 'tell this program instead, on its standard input',
    schema: text,
    within: 'notify',
    isPath: true,
    mustExist: true,
  },
  diff: { short: '-D', summary: 'show what differs', schema: flag },
  output: {
    short: '-o',
    takes: '<form>',
    summary: 'what to print',
    schema: choice('auto', ...(Object.keys(forms) as FormName[])),
    default: 'auto',
  },
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingName = keyof typeof settings;

/** What a command gets of the settings: their options, by commander's names for them. */
export type SettingFlags = {
  readonly [Name in Kept as Attribute<Name>]: ValueOf<Name>;
} & { readonly [Name in Exclude<SettingName, Kept> as Attribute<Name>]?: ValueOf<Name> };

type SettingOf<Name extends SettingName> = (typeof settings)[Name];

/** Settings that have a value in any case: a default, or an empty list. */
type Kept = {
  [Name in SettingName]: SettingOf<Name> extends { default: unknown } | { schema: { type: 'array' } } ? Name : never;
}[SettingName];

/** `roles_path` is `rolesPath`. */
type Attribute<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<Attribute<Tail>>}`
  : Name;

type ValueOf<Name extends SettingName> = SettingOf<Name>['schema'] extends infer Schema
  ? Schema extends { enum: readonly (infer Choice)[] }
    ? Choice
    : Schema extends { type: infer Type extends keyof Values }
      ? Values[Type]
      : never
  : never;

interface Values {
  readonly string: string;
  readonly integer: number;
  readonly boolean: boolean;
  readonly array: readonly string[];
}

export const settingNames = Object.keys(settings) as readonly SettingName[];

/** A setting by its name. */
export function settingOf(name: SettingName): Setting {
  return settings[name];
}

/** Where a setting is in hostwright.yml: `[forks]`, `[notify, url]`. */
export function pathInFile(name: SettingName): readonly string[] {
  const { within } = settingOf(name);
  return within === undefined ? [name] : [within, name.slice(within.length + 1)];
}

/** The long option of a setting: `--roles-path`. */
export function optionName(name: SettingName): string {
  return `--${name.replaceAll('_', '-')}`;
}

/** The variable of the environment of a setting: `HOSTWRIGHT_ROLES_PATH`. */
export function variableName(name: SettingName): string {
  return `HOSTWRIGHT_${name.toUpperCase()}`;
}
