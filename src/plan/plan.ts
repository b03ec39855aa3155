import type { Hazard } from '../events/result.ts';
import type { HostSets } from '../inventory/host-sets.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Findings } from '../language/findings.ts';
import type {
  BecomeKeywords,
  Condition,
  LoopControl,
  PlannedSettings,
  Play,
  Task,
  Written,
} from '../language/model.ts';
import type { Part } from '../language/source.ts';
import type { Layer } from '../values/scope.ts';
import type { TagSelection } from './tags.ts';

/**
 * What a run will do, before any host is asked: pure data made from playbooks, inventory and
 * options. Roles and includes are resolved, keywords inherited, tags applied.
 */
export interface Plan {
  readonly plays: readonly PlannedPlay[];
  /** The inventory that it was made for, and the host pattern that every play is cut down to. */
  readonly inventory: Inventory;
  readonly limit?: string;
  /** The host sets that patterns may name. */
  readonly sets: HostSets;
  readonly tags: TagSelection;
  /** Variables of `--extra-vars`, stronger than all others. */
  readonly extraVars: Layer;
  /**
   * Variables that only tasks which `--from` leaves out would set: the name of the first such task.
   */
  readonly leftOut?: ReadonlyMap<string, string>;
}

/** A plan that is not checked yet: what is broken is left out of it, and told by `problems`. */
export interface Draft {
  readonly plan: Plan;
  readonly problems: Findings;
}

export interface PlannedPlay {
  readonly play: Play;
  readonly name: string;
  /** Names, in the order in which the play takes them. */
  readonly hosts: readonly string[];
  /** Variables of the play itself: vars, then vars_files. */
  readonly layers: StaticLayers;
  /** Handlers run after each stage. */
  readonly stages: readonly (readonly PlannedStep[])[];
  /** What must go well on each host of a batch before the next begins. */
  readonly gate: readonly PlannedStep[];
  readonly handlers: readonly PlannedTask[];
  /** Fact groups that the play reads. */
  readonly facts: readonly string[];
  /** Whether every host waits at each task for the others. */
  readonly linear: boolean;
}

export type PlannedStep = PlannedTask | PlannedBlock | PlannedLoop;

/** Static layers of variables by strength, the weakest first. */
export interface StaticLayers {
  readonly roleDefaults: readonly Layer[];
  readonly play: readonly Layer[];
  readonly roleVars: readonly Layer[];
  readonly params: readonly Layer[];
  readonly local: readonly Layer[];
}

/** The role that a task is of. */
export interface RolePlace {
  readonly name: string;
  readonly directory: string;
}

export interface PlannedTask {
  readonly kind: 'task';
  readonly id: string;
  readonly name: string;
  readonly task: Task;
  readonly role?: RolePlace;
  /** Where the role is called. */
  readonly call?: Part;
  readonly handler: boolean;
  /** Its own conditions and those of everything around it. */
  readonly when: readonly Condition[];
  readonly layers: StaticLayers;
  /** What the keywords say of becoming; the variables of a host are stronger, see privilege.ts. */
  readonly become: BecomeKeywords;
  readonly allow: readonly Hazard[];
  readonly settings: PlannedSettings;
  /** From the outermost to its own; the nearest wins. */
  readonly environment: readonly Written[];
  readonly notify: readonly (string | Written)[];
  readonly tags: readonly string[];
  /** Where files and templates are looked for, in order. */
  readonly searchPath: SearchPath;
}

export interface SearchPath {
  readonly source: readonly string[];
  readonly template: readonly string[];
  readonly variables: readonly string[];
}

export interface PlannedBlock {
  readonly kind: 'block';
  readonly block: readonly PlannedStep[];
  readonly rescue: readonly PlannedStep[];
  readonly always: readonly PlannedStep[];
}

/** A loop over a block or an include: its body runs once an item. */
export interface PlannedLoop {
  readonly kind: 'loop';
  readonly value: unknown;
  readonly part: Part;
  readonly control: LoopControl;
  readonly layers: StaticLayers;
  readonly role?: RolePlace;
  readonly when: readonly Condition[];
  readonly body: readonly PlannedStep[];
}
