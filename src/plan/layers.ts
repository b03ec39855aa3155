import type { LoopControl } from '../language/model.ts';
import { type Layer, unknown } from '../values/scope.ts';
import type { PlannedTask } from './plan.ts';

/**
 * What a task sees in addition to the layers of its play and role (`hostScope`): the same before
 * the run, where it is unknown, and in the run.
 */

/**
 * A round of a loop: the item, its place if asked for, and with `extended` the course of the loop
 * in Ansible's words.
 */
export function itemLayer(control: LoopControl, items: readonly unknown[], at: number): Layer {
  const { length } = items;
  const values = {
    [control.loopVar]: items[at],
    ...(control.indexVar === undefined ? {} : { [control.indexVar]: at }),
    ...(control.extended && {
      ansible_loop: {
        allitems: items,
        index: at + 1,
        index0: at,
        first: at === 0,
        last: at === length - 1,
        length,
        revindex: length - at,
        revindex0: length - at - 1,
        ...(at > 0 && { previtem: items[at - 1] }),
        ...(at < length - 1 && { nextitem: items[at + 1] }),
      },
    }),
  };
  return { origin: 'loop', literal: true, values };
}

/** A round of a loop whose list is not known. */
export function unknownItem({ loopVar, indexVar, extended }: LoopControl): Layer {
  const names = [loopVar, ...(indexVar === undefined ? [] : [indexVar]), ...(extended ? ['ansible_loop'] : [])];
  return { origin: 'loop', values: Object.fromEntries(names.map(name => [name, unknown('it is set by the loop')])) };
}

/** A rescue: what failed in its block. */
export function failureLayer({ result, task }: { readonly result: unknown; readonly task: unknown }): Layer {
  return {
    origin: 'the failure',
    literal: true,
    values: { ansible_failed_result: result, ansible_failed_task: task },
  };
}

/** A rescue before the run. */
export const unknownFailure: Layer = failureLayer({
  result: unknown('nothing has failed yet'),
  task: unknown('nothing has failed yet'),
});

/**
 * The conditions on a task's own result: it is `result`, and has the name of the task's register.
 */
export function ownResult({ task: { register } }: PlannedTask, seen: unknown): Layer {
  const values = { result: seen, ...(register === undefined ? {} : { [register]: seen }) };
  return { origin: 'its own result', literal: true, values };
}
