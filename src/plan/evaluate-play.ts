import { keywords } from '../language/keywords.ts';
import type { Play } from '../language/model.ts';
import { courseOf } from '../language/parse-settings.ts';
import { type Problems, plainList } from '../language/problems.ts';
import { inside } from '../language/source.ts';
import { createScope, type Layer, type Scope } from '../values/scope.ts';
import { isTemplate } from '../values/template.ts';
import { attempt } from './attempt.ts';
import { convertTexts } from './convert-text.ts';

/**
 * A play with the values of those keywords that its variables and `--extra-vars` give: no host has
 * variables before a play is for it.
 */
export function evaluatePlay(play: Play, layers: readonly Layer[], problems: Problems): Play {
  const scope = createScope(layers);
  return withHosts({ ...play, ...evaluatedCourse(play, scope, problems) }, scope, problems);
}

function withHosts(play: Play, scope: Scope, problems: Problems): Play {
  if (!isTemplate(play.hosts)) return play;
  const part = inside(play.part, 'hosts');
  const hosts = attempt(problems, part, () => scope.evaluate(play.hosts, part));
  const name = play.name === play.hosts ? String(hosts) : play.name;
  return { ...play, name, hosts: plainList(hosts).join(',') || 'all:!all' };
}

function evaluatedCourse({ planned }: Play, scope: Scope, problems: Problems): Partial<Play> {
  const values: Record<string, unknown> = {};
  for (const [name, { value, part }] of Object.entries(planned)) {
    const found = problems.sound(() => {
      const given = attempt(problems, part, () => scope.evaluate(value, part));
      const schema = (keywords.play as Readonly<Record<string, object>>)[name];
      if (!schema || given === undefined) return given;
      const typed = convertTexts(schema, given, scope.texts(value));
      problems.schema(schema, typed, part);
      return typed;
    });
    if (found !== undefined) values[name] = found;
  }
  const { serial, maxFailPercentage } = courseOf(values);
  return {
    ...('serial' in values && { serial }),
    ...(maxFailPercentage !== undefined && { maxFailPercentage }),
  };
}
