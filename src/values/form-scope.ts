import { expressionText, inside, isMap, type Part } from '../language/source.ts';
import { doAll, together, UnknownValue, ValueError } from './errors.ts';
import { compileExpression } from './expression.ts';
import { ansibleFactsIn, type Evaluated } from './foreign-reference.ts';
import type { Scope } from './scope.ts';
import { compileTemplate, isTemplate } from './template.ts';

/**
 * A scope for what will not be evaluated, as the arguments of a task that is skipped: it reads
 * templates and expressions, and knows no value. What is wrong with their form is a ValueError, and
 * so is a fact of Ansible; all else that has one in it is an UnknownValue.
 */
export const formScope: Scope = Object.freeze({
  names: () => new Set<string>(),
  resolve: () => unknownYet(),
  evaluate,
  texts: () => [],
  render: (text: string, escaping: 'none' | 'xml') => look(compileTemplate(text, escaping)),
  test: (text: string) => look({ ...compileExpression(text), expression: text }),
  origin: () => undefined,
  with: () => formScope,
});

function evaluate(value: unknown, part?: Part): unknown {
  const below = (step: string | number) => part && inside(part, step);
  if (Array.isArray(value)) return doAll(value.map((item, at) => () => evaluate(item, below(at))));
  if (isMap(value)) {
    const entries = Object.entries(value);
    return Object.fromEntries(
      doAll(
        entries.map(
          ([key, item]) =>
            () =>
              [key, evaluate(item, below(key))] as const,
        ),
      ),
    );
  }
  try {
    const text = expressionText(value);
    if (text !== undefined) return look({ ...compileExpression(text), expression: text });
    return typeof value === 'string' && isTemplate(value) ? look(compileTemplate(value)) : value;
  } catch (error) {
    if (error instanceof ValueError) for (const one of [error, ...error.also]) one.place ??= part;
    throw error;
  }
}

function look(evaluated: Evaluated): never {
  throw together(ansibleFactsIn(evaluated)) ?? unknownYet();
}

function unknownYet(): never {
  throw new UnknownValue('it', 'it is not evaluated');
}
