import type { Play } from '../../language/model.ts';
import { courseOf } from '../../language/parse/parse-settings.ts';
import { type Problems, plainList } from '../../language/problems.ts';
import { createScope, type Layer } from '../../values/scope.ts';
import { attempt, withHint } from '../attempt.ts';
import { evaluateKeyword, keywordSchema } from '../keyword-value.ts';
import { shownName } from './shown-name.ts';

/**
 * A play with the values of those keywords that its variables and `--extra-vars` give: no host has
 * variables before a play is for it.
 */
export function evaluatePlay(play: Play, layers: readonly Layer[], problems: Problems): Play {
  const scope = createScope(layers);
  const values: Record<string, unknown> = {};
  for (const [name, written] of Object.entries(play.planned)) {
    const sound = problems.sound(() => {
      const value = attempt(problems, written.part, () =>
        withHint(() => evaluateKeyword(name, written, scope), onCommandLine),
      );
      if (value !== undefined) problems.schema(keywordSchema(name), value, written.part);
      return value;
    });
    if (sound !== undefined) values[name] = sound;
  }
  const { serial, maxFailPercentage } = courseOf(values);
  const named = { ...play, name: shownName(play.name, () => scope) };
  return {
    ...named,
    ...(play.planned.hosts && withHosts(named, values.hosts)),
    ...('serial' in values && { serial }),
    ...(maxFailPercentage !== undefined && { maxFailPercentage }),
  };
}

/** Only the command line and the play itself can give a keyword of a play its value. */
function onCommandLine(variable: string): string {
  return `Give it on the command line: -e ${variable}=…`;
}

function withHosts({ name }: Play, given: unknown): Pick<Play, 'name' | 'hosts'> {
  // Where they are not known, which is told, the play is checked for all.
  const hosts = plainList(given ?? 'all').join(',');
  return { name: name || hosts, hosts: hosts || 'all:!all' };
}
