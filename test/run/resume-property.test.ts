import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { NumberedEvent } from '../../src/events/event.ts';
import { countsOf, options, playbook, shapes, stateOf } from './any-play.ts';
import { play, temporaryFolder } from './engine.ts';
import { recordOf } from './record.ts';

const { path } = temporaryFolder();

/**
 * The number of the event behind which a run is cut: one of all, or, with a share above 1, one of
 * those that announce a change. A run that came to its end has told which handlers it left: those
 * would run first.
 */
function cutAt(events: readonly NumberedEvent[], share: number): number {
  const last = events.findIndex(({ type }) => type === 'host.finished');
  const changes = events.filter(({ type }) => type === 'task.changing');
  const among = share > 1 && changes.length > 0 ? changes : events.slice(0, last);
  return among[Math.floor((share % 1) * among.length)]!.seq;
}

/** A run that is cut behind its event of this number: what would be sent after it is not. */
async function cutRun(text: string, dir: string, at: number): Promise<readonly NumberedEvent[]> {
  const kept: NumberedEvent[] = [];
  const cut = Promise.withResolvers<void>();
  let isSent = false;
  const never = new Promise<void>(() => undefined);
  await play(text, {
    ...options(dir),
    cut: cut.promise,
    onEvent: event => {
      if (event.seq <= at) kept.push(event);
      else cut.resolve();
    },
    kept: () => {
      if (kept.length < at) return Promise.resolve();
      // The change that was announced last is sent in half of the runs, and its end is not told.
      if (kept.length === at && at % 2 === 0 && !isSent) {
        isSent = true;
        return Promise.resolve();
      }
      cut.resolve();
      return never;
    },
  });
  return kept;
}

describe('a run that is cut at any event, and resumed', () => {
  it('leaves the hosts and the counts of a run that was not cut', async function () {
    this.timeout(120_000);
    let round = 0;
    await fc.assert(
      fc.asyncProperty(shapes, fc.integer({ min: 0, max: 199 }), async (shape, percent) => {
        round += 1;
        const text = playbook(shape);
        const whole = await play(text, options(path(`whole${round}`)));
        const at = cutAt(whole.events, percent / 100);
        const cut = await cutRun(text, path(`cut${round}`), at);
        const recorded = await recordOf(path(`state${round}`), cut);
        const resumed = await play(text, { ...options(path(`cut${round}`)), recorded });
        assert.deepEqual(stateOf(path(`cut${round}`)), stateOf(path(`whole${round}`)));
        assert.deepEqual(countsOf(resumed), countsOf(whole));
        assert.equal(resumed.exitCode, whole.exitCode);
      }),
      { numRuns: 20 },
    );
  });
});
