import { UndefinedName, type ValueError } from './errors.ts';
import type { CompiledExpression } from './expression.ts';
import { celForm } from './expression-problems.ts';
import { factHint } from './jinja/facts.ts';
import { foreignNameHint } from './jinja/foreign-names.ts';

/** What is evaluated, as far as an error in it needs it. */
export type Evaluated = Pick<CompiledExpression, 'references' | 'mayBeMissing' | 'paths'> & {
  readonly expression?: string;
};

/** The error of a name that is Ansible's, with the hint for what is read of it. */
export function aboutPath(error: ValueError, { paths, expression }: Evaluated): ValueError {
  if (!(error instanceof UndefinedName) || error.place) return error;
  const { variable, offset } = error;
  const { fields = [] } = paths.find(path => path.name === variable && path.offset === offset) ?? {};
  const formOf = expression === undefined ? undefined : () => celForm(expression);
  const hint = foreignNameHint([variable, ...fields].join('.'), formOf);
  return hint === undefined ? error : new UndefinedName(variable, { hint, offset });
}

/** Whether a name is that of a fact of Ansible, which has another name here. */
export function isAnsibleFact(name: string): boolean {
  return factHint(name) !== undefined;
}

/** The facts of Ansible that a text names, each as an error with what to write. */
export function ansibleFactsIn(evaluated: Evaluated): readonly ValueError[] {
  const named = [...evaluated.references].filter(([name]) => isAnsibleFact(name));
  return named.map(([name, offset]) => aboutPath(new UndefinedName(name, { hint: factHint(name), offset }), evaluated));
}
