import { expressionText, type Part } from '../language/source.ts';
import { together, UnknownValue } from './errors.ts';
import { evaluateEach } from './evaluate-each.ts';
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
  evaluate: (value: unknown, part?: Part) => evaluateEach(value, lookAt, part),
  texts: () => [],
  render: (text: string, escaping: 'none' | 'xml') => look(compileTemplate(text, escaping)),
  test: (text: string) => look({ ...compileExpression(text), expression: text }),
  origin: () => undefined,
  with: () => formScope,
});

function lookAt(value: unknown): unknown {
  const text = expressionText(value);
  if (text !== undefined) return look({ ...compileExpression(text), expression: text });
  return typeof value === 'string' && isTemplate(value) ? look(compileTemplate(value)) : value;
}

function look(evaluated: Evaluated): never {
  throw together(ansibleFactsIn(evaluated)) ?? unknownYet();
}

function unknownYet(): never {
  throw new UnknownValue('it', 'it is not evaluated');
}
