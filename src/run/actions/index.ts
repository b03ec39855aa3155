import type { AnyAction } from './action.ts';
import { assertAction } from './assert.ts';
import { debugAction } from './debug.ts';
import { failAction } from './fail.ts';
import { metaAction } from './meta.ts';
import { setFactAction } from './set-fact.ts';

/** Every action, in the order of the alphabet. */
export const actions: readonly AnyAction[] = [assertAction, debugAction, failAction, metaAction, setFactAction];
