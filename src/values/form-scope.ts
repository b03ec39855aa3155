import { expressionText, isMap } from '../language/source.ts';
import { UnknownValue } from './errors.ts';
import { compileExpression } from './expression.ts';
import type { Scope } from './scope.ts';
import { compileTemplate, isTemplate } from './template.ts';

/**
 * A scope for what will not be evaluated, as the arguments of a task that is skipped: it reads
 * templates and expressions, and knows no value. What is wrong with their form is a ValueError as
 * ever; all else that has one in it is an UnknownValue.
 */
export const formScope: Scope = Object.freeze({
  names: () => new Set<string>(),
  resolve: unknownYet,
  evaluate,
  texts: () => [],
  render: (text: string, escaping: 'none' | 'xml') => unknownYet(compileTemplate(text, escaping)),
  test: (text: string) => unknownYet(compileExpression(text)),
  origin: () => undefined,
  with: () => formScope,
});

function evaluate(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(evaluate);
  if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, evaluate(item)]));
  const text = expressionText(value);
  if (text !== undefined) return unknownYet(compileExpression(text));
  return typeof value === 'string' && isTemplate(value) ? unknownYet(compileTemplate(value)) : value;
}

function unknownYet(_: unknown): never {
  throw new UnknownValue('it', 'its task is skipped');
}
