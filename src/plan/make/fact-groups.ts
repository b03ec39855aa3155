import { readFileSync, statSync } from 'node:fs';
import type { Play } from '../../language/model.ts';
import { expressionText } from '../../language/source.ts';
import type { Layer } from '../../values/scope.ts';
import { findFile } from '../find-file.ts';
import type { PlannedStep } from '../plan.ts';
import { laterInLoop, laterSettings } from '../settle-task.ts';
import { tasksOf } from '../walk.ts';

/**
 * The fact groups that a play names anywhere (`facts.memory.total`), so that only these are
 * gathered.
 */
export function factGroupsOf(play: Play, steps: readonly PlannedStep[]): readonly string[] {
  const found = new Set<string>();
  const look = (value: unknown): void => {
    const text = expressionText(value) ?? value;
    if (typeof text === 'string') {
      for (const [group] of text.matchAll(/(?<=\bfacts\.)[a-z_]+/g)) found.add(group);
    } else if (Array.isArray(text)) {
      text.forEach(look);
    } else if (typeof text === 'object' && text !== null) {
      Object.values(text).forEach(look);
    }
  };
  look(play.vars?.values);
  for (const planned of tasksOf(steps)) {
    const { task, when, layers, searchPath, environment, settings, become, notify } = planned;
    look([task.name, task.args]);
    look([task.loop?.value, task.loop?.control.label]);
    look([...environment.map(({ value }) => value), settings.delegateTo?.value, become.user]);
    look([...[...laterSettings(planned), ...laterInLoop(planned)].map(({ given }) => given.value), ...notify]);
    look([...when, ...(task.changedWhen ?? []), ...(task.failedWhen ?? [])].map(({ text }) => text));
    look((Object.values(layers) as (readonly Layer[])[]).flatMap(list => list.map(layer => layer.values)));
    const source = (task.args as { src?: unknown } | null)?.src;
    if (task.module === 'template' && typeof source === 'string') {
      const file = findFile(source, searchPath.template);
      if (file && statSync(file).isFile()) look(readFileSync(file, 'utf8'));
    }
  }
  return [...found].toSorted();
}
