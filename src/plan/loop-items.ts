import type { LoopControl } from '../language/model.ts';
import { isMap } from '../language/source.ts';
import { ValueError } from '../values/errors.ts';
import { type Layer, unknown } from '../values/scope.ts';

/** A list's items; a map's as `{key, value}`. */
export function loopItems(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (isMap(value)) return Object.entries(value).map(([key, item]) => ({ key, value: item }));
  if (value === null) return [];
  throw new ValueError('a loop needs a list or a map', { hint: 'For a single item write [item].' });
}

/**
 * The variables of one round: the item, its place if asked for, and with `extended` the course of
 * the loop in Ansible's words.
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

/** The same before the run, where the list is not known. */
export function unknownItem({ loopVar, indexVar, extended }: LoopControl): Layer {
  const names = [loopVar, ...(indexVar === undefined ? [] : [indexVar]), ...(extended ? ['ansible_loop'] : [])];
  return { origin: 'loop', values: Object.fromEntries(names.map(name => [name, unknown('it is set by the loop')])) };
}
