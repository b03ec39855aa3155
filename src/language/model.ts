import type { Hazard } from '../events/result.ts';
import type { ConnectionKind } from './connection-kinds.ts';
import type { Findings } from './findings.ts';
import type { Expression, Part, YamlSource } from './source.ts';

/** A CEL expression that must be true or false, and where it stands. */
export interface Condition {
  readonly text: string;
  readonly part: Part;
}

/** Variables as they were written, and where. */
export interface Variables {
  readonly values: Readonly<Record<string, unknown>>;
  readonly part: Part;
}

/** How a task becomes another user; what is absent is inherited. */
export interface BecomeKeywords {
  readonly become?: boolean | Written;
  readonly user?: string | Expression;
  readonly method?: 'sudo' | 'su' | 'doas';
}

export interface LoopControl {
  readonly loopVar: string;
  readonly indexVar?: string;
  readonly label?: string | Expression;
  /** Seconds between two items. */
  readonly pause?: number;
  /** Whether `ansible_loop` tells of the loop's course. */
  readonly extended: boolean;
  /** Ends the loop after the item for which they hold. */
  readonly breakWhen: readonly Condition[];
}

/** A value that is evaluated for each host, and where it stands. */
export interface Written {
  readonly value: unknown;
  readonly part: Part;
}

/**
 * Keywords that hold for everything inside the thing they are in, as they count for a task on a
 * host.
 */
export interface Settings {
  readonly ignoreErrors?: boolean;
  readonly ignoreUnreachable?: boolean;
  /** A failure of one host is a failure of all. */
  readonly anyErrorsFatal?: boolean;
  readonly checkMode?: boolean;
  readonly diff?: boolean;
  readonly noLog?: boolean;
  /** Seconds for one attempt. */
  readonly timeout?: number;
  /** Hosts at once, for each task. */
  readonly throttle?: number;
  readonly runOnce?: boolean;
  /** The host on which the work is done in this host's place. */
  readonly delegateTo?: Written;
  /** Whether `set_fact` and `include_vars` set the variables of that host. */
  readonly delegateFacts?: boolean;
}

/** {@link Settings} as they are written: the nearest wins, and some are evaluated later. */
export type WrittenSettings = { readonly [Name in keyof Settings]: Settings[Name] | Written };

/**
 * Settings that are the same for all hosts: they are evaluated with the plan, before a host has
 * variables.
 */
export type CommonSetting = 'anyErrorsFatal' | 'throttle' | 'runOnce';

/** {@link Settings} of a plan: those that are the same for all hosts have their values. */
export type PlannedSettings = Omit<WrittenSettings, CommonSetting> & Pick<Settings, CommonSetting>;

/** Arguments that tasks with a module get where they give none themselves, by the module's name. */
export type ModuleDefaults = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What a step is done for each of, and how. */
export type Loop = Written & { readonly control: LoopControl };

/** What tasks, blocks and includes have in common. */
export interface StepKeywords {
  readonly part: Part;
  readonly name?: string;
  readonly when: readonly Condition[];
  readonly tags: readonly string[];
  readonly vars?: Variables;
  readonly become: BecomeKeywords;
  readonly loop?: Loop;
  readonly settings: WrittenSettings;
  readonly moduleDefaults: ModuleDefaults;
  readonly allow: readonly Hazard[];
  /** A map, or what gives one. */
  readonly environment?: Written;
  /** Names of handlers, or what gives one or several. */
  readonly notify: readonly (string | Written)[];
}

export interface Task extends StepKeywords {
  readonly kind: 'task';
  readonly module: string;
  /** The arguments as written: a map, or the text of a free form. */
  readonly args: unknown;
  readonly argsPart: Part;
  readonly register?: string;
  readonly listen: readonly string[];
  readonly changedWhen?: readonly Condition[];
  readonly failedWhen?: readonly Condition[];
  readonly retry?: Retry;
  readonly job?: JobTerms;
  /** `if: pending`: as a handler it acts on the condition, not on a notification. */
  readonly ifPending: boolean;
  /** Something that is written there is left out, and told: what its result has is not known. */
  readonly partial?: true;
}

/**
 * `until`: the task is repeated until its conditions hold; without any, until it has not failed.
 */
export interface Retry {
  readonly until: readonly Condition[];
  /** Attempts after the first. */
  readonly retries: number | Written;
  /** Seconds between two attempts. */
  readonly delay: number | Written;
}

/** `async`: the task runs as a job of its own on the host, which outlives the connection. */
export interface JobTerms {
  /** Seconds after which it is stopped. */
  readonly limit: number;
  /** Seconds between two looks at it; 0: the run does not wait for it. */
  readonly poll: number;
}

export interface Block extends StepKeywords {
  readonly kind: 'block';
  readonly block: readonly Step[];
  readonly rescue: readonly Step[];
  readonly always: readonly Step[];
}

/**
 * Tasks from a file next to this one, or a role. The name is constant: what is included is known
 * before the run.
 */
export interface Include extends StepKeywords {
  readonly kind: 'include';
  /** Where the name of what is included stands. */
  readonly target: Part;
  readonly file?: string;
  readonly role?: string;
  /** Another file of the role's tasks than `main`. */
  readonly tasksFrom?: string;
}

export type Step = Task | Block | Include;

export interface RoleCall {
  readonly role: string;
  readonly part: Part;
  readonly params?: Variables;
  readonly when: readonly Condition[];
  readonly tags: readonly string[];
  readonly become: BecomeKeywords;
  readonly settings: WrittenSettings;
  readonly moduleDefaults: ModuleDefaults;
  /** A map, or what gives one. */
  readonly environment?: Written;
  readonly allow: readonly Hazard[];
}

/** In which order a play takes its hosts. */
export type HostOrder = 'inventory' | 'reverse_inventory' | 'sorted' | 'reverse_sorted' | 'shuffle';

/** The size of a batch of hosts: a number, or a share of the play's hosts in percent. */
export type BatchSize = { readonly hosts: number } | { readonly percent: number };

export interface Play {
  readonly part: Part;
  readonly name: string;
  readonly hosts: string;
  /**
   * Keywords whose values variables of the play and `--extra-vars` give: `hosts`, `serial`,
   * `max_fail_percentage`.
   */
  readonly planned: Readonly<Record<string, Written>>;
  readonly vars?: Variables;
  readonly varsFiles: readonly string[];
  readonly become: BecomeKeywords;
  readonly tags: readonly string[];
  readonly settings: WrittenSettings;
  readonly moduleDefaults: ModuleDefaults;
  /** A map, or what gives one. */
  readonly environment?: Written;
  readonly allow: readonly Hazard[];
  readonly gatherFacts?: boolean;
  readonly connection?: ConnectionKind;
  readonly remoteUser?: string;
  readonly port?: number;
  /** Hosts that may be down at once, over the whole run. */
  readonly maxDown: number;
  readonly order: HostOrder;
  /** Sizes of the batches; the last is repeated. Empty: all hosts at once. */
  readonly serial: readonly BatchSize[];
  /** Percent of the hosts that may fail or be lost; absent: all. */
  readonly maxFailPercentage?: number;
  readonly strategy?: 'free' | 'linear';
  /** Whether the notified handlers of a host that failed run all the same. */
  readonly forceHandlers?: boolean;
  /** Steps that must go well on every host of a batch before the next batch begins. */
  readonly gate: readonly Step[];
  readonly preTasks: readonly Step[];
  readonly roles: readonly RoleCall[];
  readonly tasks: readonly Step[];
  readonly postTasks: readonly Step[];
  readonly handlers: readonly Step[];
}

export interface Playbook {
  readonly file: string;
  /** Without what is broken. */
  readonly plays: readonly Play[];
  /** What is wrong with its form. */
  readonly problems: Findings;
}

/** A role as its folder says: nothing of it is evaluated yet. */
export interface Role {
  readonly name: string;
  readonly directory: string;
  readonly tasks: readonly Step[];
  readonly handlers: readonly Step[];
  /** Roles that run before it. */
  readonly dependencies: readonly RoleCall[];
  /** Whether the same call runs each time it is made in a play, and not only the first. */
  readonly allowDuplicates: boolean;
  readonly defaults?: Variables;
  readonly vars?: Variables;
  /** JSON Schema of the parameters. */
  readonly schema?: { readonly value: Readonly<Record<string, unknown>>; readonly source: YamlSource };
}
