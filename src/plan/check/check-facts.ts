import type { FactGroup } from '../../facts/fact.ts';
import type { Problems } from '../../language/problems.ts';
import { suggest } from '../../language/suggest.ts';
import type { FieldPath } from '../../values/field-path.ts';
import type { Catalogue } from '../catalogue.ts';
import type { PlannedPlay } from '../plan.ts';
import { type EvaluatedText, pathsIn, textsIn, textsOf } from '../texts.ts';
import { tasksOf } from '../walk.ts';

/** The part of a JSON Schema that says which names a value has. */
interface Shape {
  readonly additionalProperties?: unknown;
  readonly properties?: Readonly<Record<string, Shape>>;
}

/** When the facts were gathered is among them. */
const always = { at: {} };

/**
 * Compares what a play reads of facts with what the groups of facts have: any other name is an
 * error.
 */
export function checkFacts(
  play: PlannedPlay,
  catalogue: Catalogue,
  groups: readonly FactGroup[],
  problems: Problems,
): void {
  const properties = { ...always, ...Object.fromEntries(groups.map(({ name, schema }) => [name, schema])) };
  const facts: Shape = { additionalProperties: false, properties };
  const tasks = tasksOf([...play.stages.flat(), ...play.gate, ...play.handlers]);
  const variables = play.layers.play.flatMap(({ values, part, literal }) =>
    part && !literal ? textsIn(values, part) : [],
  );
  const texts = [...variables, ...tasks.flatMap(task => textsOf(task, catalogue.get(task.task.module)))];
  for (const text of texts) {
    for (const path of pathsIn(text)) if (path.name === 'facts' && !path.asked) checkPath(path, text, facts, problems);
  }
}

function checkPath({ fields, offset }: FieldPath, { part }: EvaluatedText, facts: Shape, problems: Problems): void {
  let shape: Shape | undefined = facts;
  for (const [at, field] of fields.entries()) {
    if (shape?.additionalProperties !== false) return;
    const { properties = {} }: Shape = shape;
    if (!Object.hasOwn(properties, field)) {
      const names = Object.keys(properties);
      const whole = ['facts', ...fields.slice(0, at)].join('.');
      problems.add(
        part,
        `"${whole}" has no "${field}"`,
        suggest(field, names) ?? `It has: ${names.join(', ')}.`,
        offset,
      );
      return;
    }
    shape = properties[field];
  }
}
