import assert from 'node:assert/strict';
import { linesReporter } from '../../src/reporters/lines.ts';
import { withTimings } from '../../src/reporters/timings.ts';
import { done, ends, result, task, tell } from './story.ts';

const timed = (options: Parameters<typeof linesReporter>[0]) => withTimings(linesReporter(options), options.write);
const ok = result('ok', 'is right');

describe('times of tasks and roles', () => {
  it('follow the recap: the slowest first, and the host that took longest', async () => {
    const text = await tell(timed, [
      ...done('h1', task('Write it', { role: 'motd' }), ok, [0, 1]),
      ...done('h2', task('Write it', { role: 'motd' }), ok, [0, 2.5]),
      ...done('h1', task('Say', { role: 'motd', handler: true }), ok, [1, 2]),
      ...done('h1', task('Wait'), ok, [2, 32]),
      ...ends(40, { h1: { ok: 3 }, h2: { ok: 1 } }),
    ]);
    assert.equal(
      text.slice(text.indexOf('TASKS')),
      `TASKS by time, all hosts together
  Wait                   30.0 s
  motd: Write it          3.5 s  longest 2.5 s on h2
  handler motd: Say       1.0 s
ROLES by time, all hosts together
  motd       4.5 s  longest 2.5 s on h2
`,
    );
  });

  it('are those of twenty tasks; the rest is counted', async () => {
    const tasks = Array.from({ length: 23 }, (_, at) => done('h1', task(`t${at}`), ok, [0, at + 1]));
    const text = await tell(timed, [...tasks.flat(), ...ends(30, { h1: { ok: 23 } })]);
    assert.match(text, /\n {2}t22 {6}23\.0 s\n[\s\S]*\n {2}t3 {8}4\.0 s\n {2}… and 3 more\n$/);
  });

  it('are not lines where nothing ran', async () => {
    const text = await tell(timed, ends(1, { h1: {} }));
    assert.doesNotMatch(text, /by time/);
  });
});
