import type { Layer } from '../../values/scope.ts';

/**
 * Where a host is in a play: the way down through stages, steps, parts of blocks and rounds of
 * loops. A host's positions only grow.
 */
export type Position = readonly number[];

/** Which part of a run positions are in. */
export interface PlayPlace {
  /** The number of the play, from 0. */
  readonly play: number;
  /** Whether it is the gate of that play. */
  readonly gate: boolean;
}

/** A position as events tell it: the same in each run of the same plan. */
export function placeText({ play, gate }: PlayPlace, at: Position): string {
  return `${play}${gate ? 'g' : ''}/${at.join('.')}`;
}

/**
 * Negative where `a` comes before `b`, 0 where they are the same. What is inside a step comes after
 * the step itself.
 */
export function comparePositions(a: Position, b: Position): number {
  const at = a.findIndex((step, index) => step !== b[index]);
  const [here, there] = [a[at], b[at]];
  return here === undefined || there === undefined ? a.length - b.length : here - there;
}

/** Where a task is in the play, and the variables that the loops and rescues around it set. */
export interface Placed {
  readonly at: Position;
  readonly layers: readonly Layer[];
}
