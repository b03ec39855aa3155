import { NotBecome } from '../../connections/errors.ts';
import type { TaskResult } from '../../events/event.ts';
import { CannotTell, type Resource } from '../../shell/answer.ts';
import { result, unknownResult } from '../result/results.ts';
import type { Prediction } from '../state/prediction.ts';
import type { ModuleRun } from './module-run.ts';

/** What is needed to say that a task need not have failed. */
type Excused = Pick<ModuleRun, 'check' | 'host' | 'args' | 'become'>;

/**
 * The result of a task that could not look; undefined for any error but one that says so. No one
 * can become a user whom an earlier task would make.
 */
export function notLooked(run: Excused, error: unknown): TaskResult | undefined {
  if (error instanceof CannotTell) {
    const hint = error.advice === undefined ? {} : { hint: error.advice };
    return excuse(run, error.needs) ?? result('failed', `cannot tell: ${error.message}`, hint);
  }
  return error instanceof NotBecome && run.become ? excuse(run, [{ kind: 'user', name: run.become.user }]) : undefined;
}

/**
 * The unknown result of a task that needs what an earlier one would make; undefined where nothing
 * foretold it. What the task itself names may then be there later as well.
 */
export function excuse({ check, host, args }: Excused, needs: readonly Resource[]): TaskResult | undefined {
  const need = check ? isPredicted(needs, host.predicted) : undefined;
  if (!need) return undefined;
  host.predicted.push(...textsIn(args).map(name => ({ kind: 'anything', name }) as const));
  return unknownResult(need.kind, need.name);
}

/**
 * Whether check mode has predicted what a task needs: then its outcome is unknown, not failed. A
 * missing program is excused by any package; a need of `*` is met by anything of its kind.
 */
export function isPredicted(needs: readonly Resource[], predicted: readonly Prediction[]): Resource | undefined {
  return needs.find(need => predicted.some(made => covers(made, need)));
}

/**
 * Whether all that a task needs will surely be there: an earlier task makes these very paths, or
 * something in them.
 */
export function isSure(needs: readonly Resource[], predicted: readonly Prediction[]): boolean {
  const makes = (need: Resource) => (made: Prediction) =>
    made.kind === 'path' && (made.name === need.name || isIn(made.name, need.name));
  return needs.length > 0 && needs.every(need => need.kind === 'path' && predicted.some(makes(need)));
}

function covers(made: Prediction, need: Resource): boolean {
  if (need.kind === 'program' || (need.kind === 'unit' && made.kind === 'package')) return made.kind === 'package';
  if (made.kind !== need.kind && made.kind !== 'anything') return false;
  if (made.name === need.name || need.name === '*') return true;
  return need.kind === 'path' && (isIn(need.name, made.name) || isIn(made.name, need.name));
}

/** A folder stands for all in it, and what is made in a folder for the folder. */
function isIn(path: string, folder: string): boolean {
  return path.startsWith(`${folder.replace(/\/$/, '')}/`);
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' || value === '/' ? [] : [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
