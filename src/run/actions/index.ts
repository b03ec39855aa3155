import type { AnyAction } from './action.ts';
import { addHostAction } from './add-host.ts';
import { assertAction } from './assert.ts';
import { debugAction } from './debug.ts';
import { failAction } from './fail.ts';
import { groupByAction } from './group-by.ts';
import { includeVarsAction } from './include-vars.ts';
import { metaAction } from './meta.ts';
import { pauseAction } from './pause.ts';
import { setFactAction } from './set-fact.ts';

/** Every action, in the order of the alphabet. */
export const actions: readonly AnyAction[] = [
  addHostAction,
  assertAction,
  debugAction,
  failAction,
  groupByAction,
  includeVarsAction,
  metaAction,
  pauseAction,
  setFactAction,
];
