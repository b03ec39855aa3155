import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { AnyModule } from '../../src/modules/module.ts';
import { play, temporaryFolder } from './engine.ts';
import { flagWith } from './flag-module.ts';

const sources = join(import.meta.dirname, '../../src/run/');

describe('the way from a run to a module', () => {
  const { path } = temporaryFolder();
  const before = Error.stackTraceLimit;

  beforeEach(() => {
    Error.stackTraceLimit = 50;
  });

  afterEach(() => {
    Error.stackTraceLimit = before;
  });

  it('is one call for each thing that a reader asks about', async () => {
    const stacks: string[] = [];
    const { look, ...flag } = flagWith('flag') as AnyModule;
    const told: AnyModule = {
      ...flag,
      look: (...given) => {
        stacks.push(new Error().stack ?? '');
        return look(...given);
      },
    };
    await play(`- hosts: all\n  tasks:\n    - {name: it, flag: {path: ${path('flag')}, value: x}}\n`, {
      modules: [told],
    });
    assert.deepEqual(callsIn(stacks[0] ?? ''), [
      'run',
      'runPlay',
      'runHost',
      'takeSteps',
      'takeTask',
      'runTask',
      'attemptTask',
      'callModule',
      'runModule',
      'look',
    ]);
  });
});

/** The functions of src/run in a stack, from the outermost on. */
function callsIn(stack: string): readonly string[] {
  const frames = stack.split('\n').filter(line => line.includes(sources));
  return frames.map(line => /at (?:async )?([\w.]+)/.exec(line)?.[1] ?? line).toReversed();
}
