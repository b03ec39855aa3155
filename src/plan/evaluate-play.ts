import type { Play } from '../language/model.ts';
import { courseOf } from '../language/parse-settings.ts';
import { type Problems, plainList } from '../language/problems.ts';
import { UndefinedName } from '../values/errors.ts';
import { createScope, type Layer } from '../values/scope.ts';
import { attempt } from './attempt.ts';
import { evaluateKeyword, keywordSchema } from './keyword-value.ts';

/**
 * A play with the values of those keywords that its variables and `--extra-vars` give: no host has
 * variables before a play is for it.
 */
export function evaluatePlay(play: Play, layers: readonly Layer[], problems: Problems): Play {
  const scope = createScope(layers);
  const values: Record<string, unknown> = {};
  for (const [name, written] of Object.entries(play.planned)) {
    const sound = problems.sound(() => {
      const value = attempt(problems, written.part, () => withWay(() => evaluateKeyword(name, written, scope)));
      if (value !== undefined) problems.schema(keywordSchema(name), value, written.part);
      return value;
    });
    if (sound !== undefined) values[name] = sound;
  }
  const { serial, maxFailPercentage } = courseOf(values);
  return {
    ...play,
    ...(play.planned.hosts && withHosts(play, values.hosts)),
    ...('serial' in values && { serial }),
    ...(maxFailPercentage !== undefined && { maxFailPercentage }),
  };
}

/** A name that is not defined says how to give it: only the command line and the play itself can. */
function withWay<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof UndefinedName) || error.hint !== undefined) throw error;
    const hint = `Give it on the command line: -e ${error.variable}=…`;
    throw new UndefinedName(error.variable, { hint, offset: error.offset });
  }
}

function withHosts({ name }: Play, given: unknown): Pick<Play, 'name' | 'hosts'> {
  const hosts = plainList(given).join(',');
  return { name: name || hosts, hosts: hosts || 'all:!all' };
}
