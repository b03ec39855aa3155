import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { BecomeKeywords, Play } from '../language/model.ts';
import type { Problems } from '../language/problems.ts';
import { readVariables } from '../language/read-role.ts';
import { inside } from '../language/source.ts';
import { isTemplate } from '../values/template.ts';
import { type Inherited, layerOf } from './inherit.ts';

export interface PlayBaseOptions {
  /** What the command line says of becoming; the play's own keywords are stronger. */
  readonly become: BecomeKeywords;
  /** Seconds for a task where no `timeout` is written; without, what its module takes as a rule. */
  readonly taskTimeout?: number;
  /** Folders of templates that roles share. */
  readonly sharedTemplates: readonly string[];
}

/** What every step of a play inherits from the play itself. */
export function playBase(play: Play, options: PlayBaseOptions, problems: Problems): Inherited {
  const directory = dirname(play.part.source.file);
  const files = play.varsFiles.flatMap((name, at) => {
    if (isTemplate(name)) {
      const hint = 'For a name that differs from host to host, begin with the task include_vars.';
      problems.add(inside(play.part, 'vars_files', at), 'a file of variables of a play has a constant name', hint);
      return [];
    }
    const file = isAbsolute(name) ? name : join(directory, name);
    if (!existsSync(file)) {
      problems.add(inside(play.part, 'vars_files', at), `there is no file ${file}`);
      return [];
    }
    const read = problems.catch(() => readVariables(file, problems));
    return read ? [layerOf(read, file)] : [];
  });
  const vars = play.vars ? [layerOf(play.vars, `vars of play "${play.name}"`)] : [];
  return {
    when: [],
    tags: play.tags,
    become: { ...options.become, ...play.become },
    allow: play.allow,
    settings: options.taskTimeout === undefined ? play.settings : { timeout: options.taskTimeout, ...play.settings },
    moduleDefaults: play.moduleDefaults,
    environment: play.environment ? [play.environment] : [],
    notify: [],
    layers: { roleDefaults: [], play: [...vars, ...files], roleVars: [], params: [], local: [] },
    searchPath: {
      source: [join(directory, 'files'), directory],
      template: [join(directory, 'templates'), directory, ...options.sharedTemplates],
      variables: [join(directory, 'vars'), directory],
    },
    directory,
    chain: [],
    handler: false,
  };
}
