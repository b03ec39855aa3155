import type { Hazard } from '../events/result.ts';
import type {
  BecomeKeywords,
  Condition,
  ModuleDefaults,
  StepKeywords,
  Variables,
  Written,
  WrittenSettings,
} from '../language/model.ts';
import type { Part } from '../language/source.ts';
import type { Layer } from '../values/scope.ts';
import type { RolePlace, SearchPath, StaticLayers } from './plan.ts';

/** What a step gets from everything around it. */
export interface Inherited {
  readonly role?: RolePlace;
  readonly call?: Part;
  readonly when: readonly Condition[];
  readonly tags: readonly string[];
  readonly become: BecomeKeywords;
  readonly allow: readonly Hazard[];
  readonly settings: WrittenSettings;
  readonly moduleDefaults: ModuleDefaults;
  readonly environment: readonly Written[];
  readonly notify: readonly (string | Written)[];
  readonly layers: StaticLayers;
  readonly searchPath: SearchPath;
  /** The folder that `include: FILE` starts from. */
  readonly directory: string;
  /** Files and roles being included, to find a circle. */
  readonly chain: readonly string[];
  readonly handler: boolean;
}

/** Adds a step's own keywords to what it inherits: the nearest wins, conditions and tags add up. */
export function inherit(from: Inherited, step: Partial<StepKeywords>, origin: string): Inherited {
  return {
    ...from,
    when: [...from.when, ...(step.when ?? [])],
    tags: [...new Set([...from.tags, ...(step.tags ?? [])])],
    become: { ...from.become, ...step.become },
    allow: [...new Set([...from.allow, ...(step.allow ?? [])])],
    settings: { ...from.settings, ...step.settings },
    moduleDefaults: { ...from.moduleDefaults, ...step.moduleDefaults },
    environment: step.environment ? [...from.environment, step.environment] : from.environment,
    notify: [...new Set([...from.notify, ...(step.notify ?? [])])],
    layers: step.vars ? addLocal(from.layers, layerOf(step.vars, `vars of ${origin}`)) : from.layers,
  };
}

/** Variables of a file as a layer of a scope. */
export function layerOf(variables: Variables, origin: string): Layer {
  return Object.freeze({ origin, values: variables.values, part: variables.part });
}

function addLocal(layers: StaticLayers, layer: Layer): StaticLayers {
  return { ...layers, local: [...layers.local, layer] };
}
