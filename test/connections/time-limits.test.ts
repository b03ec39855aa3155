import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { timeLimits } from '../../src/connections/time-limits.ts';

describe('the time limits of a transfer', () => {
  it('leave no timer behind once they are stopped, whatever comes in then', async () => {
    const timers = () => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length;
    // Mocha sets the timer of a test once its function has returned a promise.
    await setImmediate();
    const before = timers();
    const limits = timeLimits(60, what => new Error(what));
    const step = Promise.withResolvers<void>();
    const within = limits.within(step.promise);
    assert.ok(timers() > before);
    limits.stop();
    limits.progress();
    step.resolve();
    await within;
    assert.equal(timers(), before);
  });
});
