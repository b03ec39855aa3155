import type { AnyCallable } from '../callable.ts';
import { expressionText, inside, isMap, type Part } from '../language/source.ts';
import { ValueError } from '../values/errors.ts';
import { compileExpression } from '../values/expression.ts';
import type { FieldPath } from '../values/field-path.ts';
import { compileTemplate, isTemplate } from '../values/template.ts';
import { argumentMap, argumentPart, pathOf } from './arguments/evaluate-arguments.ts';
import type { PlannedTask } from './plan.ts';
import { laterInLoop, laterSettings } from './settle-task.ts';

/** A text of a playbook that is evaluated: a template or an expression, and where it stands. */
export interface EvaluatedText {
  readonly text: string;
  readonly kind: 'template' | 'expression';
  readonly part: Part;
}

/**
 * Every text that a task evaluates: its arguments, conditions, loop, and the variables that it sets
 * for itself.
 * @param callable what it calls, which may take expressions as arguments
 */
export function textsOf(planned: PlannedTask, callable: AnyCallable | undefined): readonly EvaluatedText[] {
  const { task, when, settings, environment, notify, layers } = planned;
  const { args, argsPart, loop, retry, changedWhen = [], failedWhen = [] } = task;
  const control = loop?.control;
  const conditions = [...when, ...changedWhen, ...failedWhen, ...(retry?.until ?? []), ...(control?.breakWhen ?? [])];
  const variables = layers.local.filter(({ part, literal }) => part && !literal);
  return [
    ...conditions.map(({ text, part }): EvaluatedText => ({ text, kind: 'expression', part })),
    ...(loop ? textsIn(loop.value, loop.part) : []),
    ...(control?.label === undefined ? [] : textsIn(control.label, inside(task.part, 'loop_control', 'label'))),
    ...(settings.delegateTo ? textsIn(settings.delegateTo.value, settings.delegateTo.part) : []),
    ...[...laterSettings(planned), ...laterInLoop(planned)].flatMap(({ given: { value, part } }) =>
      textsIn(value, part),
    ),
    ...notify.flatMap(name => (typeof name === 'string' ? [] : textsIn(name.value, name.part))),
    ...environment.flatMap(({ value, part }) => textsIn(value, part)),
    ...textsIn(args, argsPart),
    ...(callable === undefined ? [] : namedIn(planned, callable)),
    ...variables.flatMap(({ values, part }) => (part ? textsIn(values, part) : [])),
  ];
}

/** The arguments of a task that are expressions, or name variables. */
function namedIn({ task: { args, argsPart } }: PlannedTask, callable: AnyCallable): readonly EvaluatedText[] {
  const raw = argumentMap(args, callable);
  if (raw === undefined) return [];
  return [...(callable.conditions?.(raw) ?? []), ...(callable.variables?.(raw) ?? [])].map(text => {
    const part = argumentPart(argsPart, args, pathOf(raw, text) ?? [], callable);
    return { text, kind: 'expression', part };
  });
}

/** Every text in a value that is evaluated, at any depth. */
export function textsIn(value: unknown, part: Part): readonly EvaluatedText[] {
  const text = expressionText(value);
  if (text !== undefined) return [{ text, kind: 'expression', part }];
  if (typeof value === 'string') return isTemplate(value) ? [{ text: value, kind: 'template', part }] : [];
  if (Array.isArray(value)) return value.flatMap((item, at) => textsIn(item, inside(part, at)));
  return isMap(value) ? Object.entries(value).flatMap(([key, item]) => textsIn(item, inside(part, key))) : [];
}

/**
 * The parts of variables that a text uses; none where it cannot be read, which is told elsewhere.
 */
export function pathsIn({ text, kind }: EvaluatedText): readonly FieldPath[] {
  try {
    return (kind === 'expression' ? compileExpression(text) : compileTemplate(text)).paths;
  } catch (error) {
    if (error instanceof ValueError) return [];
    throw error;
  }
}
