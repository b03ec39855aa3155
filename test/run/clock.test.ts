import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { play, temporaryFolder } from './engine.ts';

const { path } = temporaryFolder();
const hour = 3_600_000;

/** Does something while the clock of this machine is an hour behind each time it is read. */
async function whileSetBack<T>(run: () => Promise<T>): Promise<T> {
  const now = Date.now;
  let times = 0;
  Date.now = () => now() - hour * times++;
  try {
    return await run();
  } finally {
    Date.now = now;
  }
}

describe('a run on a controller whose clock is set back', () => {
  it('waits as long as it should, and tells how long it took', async () => {
    const file = path('there');
    const text = `
- hosts: h1
  tasks:
    - {name: wait, wait_for: {path: ${file}, timeout: 30}}
    - {name: in vain, wait_for: {path: ${file}.not, timeout: 1}, ignore_errors: true}
`;
    setTimeout(() => writeFileSync(file, ''), 1500);
    const { events, result } = await whileSetBack(() => play(text));
    assert.equal(result('wait').status, 'ok');
    assert.equal(result('in vain').status, 'failed');
    const seconds = events.flatMap(event => (event.type === 'task.finished' ? [event.seconds] : []));
    assert.deepEqual(
      seconds.map(value => value >= 0 && value < 30),
      [true, true],
    );
  });
});
