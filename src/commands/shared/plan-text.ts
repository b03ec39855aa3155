import { relative } from 'node:path';
import { positionOf } from '../../language/source.ts';
import { cutIntoBatches } from '../../plan/batches.ts';
import type { Plan, PlannedPlay, PlannedTask } from '../../plan/plan.ts';
import { fullName } from '../../plan/start-at.ts';
import { tasksOf } from '../../plan/walk.ts';
import { count } from '../../reporters/format.ts';
import { printable } from '../../reporters/printable.ts';

/**
 * What a run would do, for `--list`: the plays with their hosts and batches, the tasks with their
 * places, tags and the hazards that the playbook allows.
 */
export function planText({ plays }: Plan): string {
  return plays.map(playText).join('\n');
}

function playText(play: PlannedPlay): string {
  const { hosts, name, stages, gate, handlers } = play;
  const batches = cutIntoBatches(hosts, play.play.serial);
  const lines = [
    `PLAY ${name} (${count(hosts.length, 'host')})${place(positionOf(play.play.part))}`,
    ...(batches.length > 1
      ? batches.map((batch, at) => `  batch ${at + 1} of ${batches.length}: ${batch.join(', ')}`)
      : [`  hosts: ${hosts.join(', ') || 'none'}`]),
    ...tasksOf(stages.flat()).map(task => taskText(task)),
    ...tasksOf(gate).map(task => taskText(task, 'gate ')),
    ...handlers.map(task => taskText(task, 'handler ')),
  ];
  return `${lines.map(line => printable(line)).join('\n')}\n`;
}

function taskText(planned: PlannedTask, kind = ''): string {
  const { tags, allow, task } = planned;
  const notes = [
    ...(tags.length > 0 ? [`tags: ${tags.join(', ')}`] : []),
    ...(allow.length > 0 ? [`allows: ${allow.join(', ')}`] : []),
  ];
  const noted = notes.length > 0 ? `  (${notes.join('; ')})` : '';
  return `  ${kind}${fullName(planned)}${place(positionOf(task.part))}${noted}`;
}

function place({ file, line }: { readonly file: string; readonly line: number }): string {
  const near = relative('.', file);
  return `  ${near.startsWith('..') ? file : near}:${line}`;
}
