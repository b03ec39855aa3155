import type { StepVocabulary } from '../../language/parse/parse-steps.ts';
import { modules } from '../../modules/index.ts';
import type { AnyModule } from '../../modules/module.ts';
import type { Catalogue } from '../../plan/catalogue.ts';
import type { AnyAction } from '../../run/actions/action.ts';
import { actions } from '../../run/actions/index.ts';
import { celForm } from '../../values/expression-problems.ts';

/** Everything that a task can name. */
export const catalogue: Catalogue = new Map([...modules, ...actions].map(item => [item.name, item]));

export const vocabulary: StepVocabulary = {
  modules: new Set(catalogue.keys()),
  argumentsOf: name => Object.keys(catalogue.get(name)?.args.properties ?? {}),
  celForm,
};

/** A module or action by name; undefined if there is none. */
export function findCallable(name: string): AnyModule | AnyAction | undefined {
  return [...modules, ...actions].find(item => item.name === name);
}
