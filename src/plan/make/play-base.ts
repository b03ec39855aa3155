import { dirname, join } from 'node:path';
import type { BecomeKeywords, Play } from '../../language/model.ts';
import type { Layer } from '../../values/scope.ts';
import type { Inherited } from '../inherit.ts';
import { playLayers } from './play-variables.ts';

export interface PlayBaseOptions {
  /** What the command line says of becoming; the play's own keywords are stronger. */
  readonly become: BecomeKeywords;
  /** Seconds for a task where no `timeout` is written; without, what its module takes as a rule. */
  readonly taskTimeout?: number;
  /** Folders of templates that roles share. */
  readonly sharedTemplates: readonly string[];
}

/**
 * What every step of a play inherits from the play itself.
 * @param files the variables of its `vars_files`
 */
export function playBase(play: Play, files: readonly Layer[], options: PlayBaseOptions): Inherited {
  const directory = dirname(play.part.source.file);
  return {
    when: [],
    tags: play.tags,
    become: { ...options.become, ...play.become },
    allow: play.allow,
    settings: options.taskTimeout === undefined ? play.settings : { timeout: options.taskTimeout, ...play.settings },
    moduleDefaults: play.moduleDefaults,
    environment: play.environment ? [play.environment] : [],
    notify: [],
    layers: { roleDefaults: [], play: playLayers(play, files), roleVars: [], params: [], local: [] },
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
