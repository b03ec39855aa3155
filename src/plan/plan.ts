import type { Hazard } from '../events/result.ts';
import type { Condition, LoopControl, Play, Task } from '../language/model.ts';
import type { Part } from '../language/source.ts';
import type { Privilege } from '../shell/become.ts';
import type { Layer } from '../values/scope.ts';

/**
 * What a run will do, before any host is asked: pure data made from playbooks, inventory and options. Roles and includes are resolved, keywords
 * inherited, tags applied.
 */
export interface Plan {
  readonly plays: readonly PlannedPlay[];
  /** Variables of `--extra-vars`, stronger than all others. */
  readonly extraVars: Layer;
}

export interface PlannedPlay {
  readonly play: Play;
  readonly name: string;
  /** Names, in the inventory's order. */
  readonly hosts: readonly string[];
  /** Variables of the play itself: vars, then vars_files. */
  readonly layers: readonly Layer[];
  /** Handlers run after each stage. */
  readonly stages: readonly (readonly PlannedStep[])[];
  readonly handlers: readonly PlannedTask[];
  /** Fact groups that the play reads. */
  readonly facts: readonly string[];
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

export interface PlannedTask {
  readonly kind: 'task';
  readonly id: string;
  readonly name: string;
  readonly task: Task;
  readonly role?: string;
  /** Where the role is called. */
  readonly call?: Part;
  readonly handler: boolean;
  /** Its own conditions and those of everything around it. */
  readonly when: readonly Condition[];
  readonly layers: StaticLayers;
  readonly become?: Privilege;
  readonly allow: readonly Hazard[];
  readonly ignoreErrors: boolean;
  readonly environment: readonly Layer[];
  readonly notify: readonly string[];
  readonly tags: readonly string[];
  /** Where files and templates are looked for, in order. */
  readonly searchPath: SearchPath;
}

export interface SearchPath {
  readonly source: readonly string[];
  readonly template: readonly string[];
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
  readonly when: readonly Condition[];
  readonly body: readonly PlannedStep[];
}

/** Every task of steps, in order, also those of blocks and loops. */
export function tasksOf(steps: readonly PlannedStep[]): readonly PlannedTask[] {
  return steps.flatMap(step => {
    if (step.kind === 'task') return [step];
    if (step.kind === 'loop') return tasksOf(step.body);
    return tasksOf([...step.block, ...step.rescue, ...step.always]);
  });
}
