import type { Hazard } from '../events/result.ts';
import type { Part, YamlSource } from './source.ts';

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
  readonly become?: boolean;
  readonly user?: string;
  readonly method?: 'sudo' | 'su' | 'doas';
}

export interface LoopControl {
  readonly loopVar: string;
  readonly indexVar?: string;
  readonly label?: string;
}

/** What tasks, blocks and includes have in common. */
export interface StepKeywords {
  readonly part: Part;
  readonly name?: string;
  readonly when: readonly Condition[];
  readonly tags: readonly string[];
  readonly vars?: Variables;
  readonly become: BecomeKeywords;
  readonly loop?: { readonly value: unknown; readonly part: Part; readonly control: LoopControl };
  readonly ignoreErrors?: boolean;
  readonly allow: readonly Hazard[];
  readonly environment?: Variables;
  readonly notify: readonly string[];
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
  /** Seconds. */
  readonly timeout?: number;
  readonly checkMode?: boolean;
  readonly diff?: boolean;
  readonly noLog?: boolean;
  /** `if: pending`: as a handler it acts on the condition, not on a notification. */
  readonly ifPending: boolean;
}

export interface Block extends StepKeywords {
  readonly kind: 'block';
  readonly block: readonly Step[];
  readonly rescue: readonly Step[];
  readonly always: readonly Step[];
}

/** Tasks from a file beside this one, or a role. The name is constant: what is included is known before the run. */
export interface Include extends StepKeywords {
  readonly kind: 'include';
  /** Where the name of what is included stands. */
  readonly target: Part;
  readonly file?: string;
  readonly role?: string;
}

export type Step = Task | Block | Include;

export interface RoleCall {
  readonly role: string;
  readonly part: Part;
  readonly params?: Variables;
  readonly when: readonly Condition[];
  readonly tags: readonly string[];
  readonly become: BecomeKeywords;
  readonly allow: readonly Hazard[];
}

export interface Play {
  readonly part: Part;
  readonly name: string;
  readonly hosts: string;
  readonly vars?: Variables;
  readonly varsFiles: readonly string[];
  readonly become: BecomeKeywords;
  readonly tags: readonly string[];
  readonly environment?: Variables;
  readonly allow: readonly Hazard[];
  readonly gatherFacts?: boolean;
  readonly connection?: string;
  readonly remoteUser?: string;
  readonly port?: number;
  /** Hosts that may be down at once, over the whole run. */
  readonly maxDown: number;
  readonly preTasks: readonly Step[];
  readonly roles: readonly RoleCall[];
  readonly tasks: readonly Step[];
  readonly postTasks: readonly Step[];
  readonly handlers: readonly Step[];
}

export interface Playbook {
  readonly file: string;
  readonly plays: readonly Play[];
}

/** A role as its folder says: nothing of it is evaluated yet. */
export interface Role {
  readonly name: string;
  readonly directory: string;
  readonly tasks: readonly Step[];
  readonly handlers: readonly Step[];
  readonly defaults?: Variables;
  readonly vars?: Variables;
  /** JSON Schema of the parameters. */
  readonly schema?: { readonly value: Readonly<Record<string, unknown>>; readonly source: YamlSource };
}
