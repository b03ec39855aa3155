import assert from 'node:assert/strict';
import type { Outcome } from '../../scripts/tests/mocha.ts';
import type { Suite } from '../../scripts/tests/suites.ts';
import { failuresIn, summaryOf } from '../../scripts/tests/summary.ts';

const unit: Suite = { name: 'unit', files: () => [], obstacle: () => undefined, atOnce: 1 };
const lab: Suite = { ...unit, name: 'lab' };

function outcome(more: Partial<Outcome>): Outcome {
  const batch = { suite: unit, files: [], seconds: 0 };
  return { batch, passed: 0, failed: 0, skipped: 0, failures: [], seconds: {}, output: '', ...more };
}

describe('what the suites come to', () => {
  const failures = [{ title: 'the moon is round', file: 'test/moon.test.ts', message: 'it is flat:\n\n1 !== 2\n' }];
  const outcomes = [
    outcome({ passed: 3, seconds: { 'test/a.test.ts': 61 } }),
    outcome({ passed: 1, failed: 1, skipped: 2, failures, seconds: { 'test/moon.test.ts': 2 } }),
  ];

  it('is counted by suite, and names failures with their reason and the slowest files', () => {
    const { failed, passed, text } = summaryOf(outcomes, [], false);
    assert.deepEqual([passed, failed], [4, 1]);
    assert.match(text, /^unit +4 passed, 1 failed, 2 skipped \(63 s\)$/m);
    assert.match(text, /FAILED: the moon is round\n {2}test\/moon\.test\.ts\n {2}it is flat:\n {2}1 !== 2\n/);
    assert.match(text, /The slowest files:\n +61 s {2}test\/a\.test\.ts\n/);
  });

  it('shows the first twelve lines of a long message', () => {
    const message = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`).join('\n');
    const { text } = summaryOf([outcome({ failed: 1, failures: [{ title: 'x', file: 'y', message }] })], [], false);
    assert.match(text, /\n {2}line 12\n {2}… 28 more lines above\n/);
  });

  it('is told in short at the end of CI', () => {
    const long = { title: 'the sun is hot', file: 'test/sun.test.ts', message: 'x'.repeat(400) };
    const bare = { title: 'no reason', file: 'test/bare.test.ts', message: '' };
    const { text } = summaryOf([outcome({ failed: 3, failures: [...failures, bare, long] })], [], false);
    assert.deepEqual(failuresIn(`much\n${text}\n1 passed, 3 failed\n`), [
      ...['  test/moon.test.ts: the moon is round', '    it is flat:'],
      ...['  test/bare.test.ts: no reason', '    '],
      ...['  test/sun.test.ts: the sun is hot', `    ${'x'.repeat(300)}…`],
    ]);
    assert.deepEqual(failuresIn(summaryOf([outcome({ passed: 1 })], [], false).text), []);
  });

  it('is a failure in CI where a suite cannot run', () => {
    const left = [{ suite: lab, why: 'there is no QEMU' }];
    assert.equal(summaryOf(outcomes, left, false).failed, 1);
    assert.match(summaryOf(outcomes, left, false).text, /^lab +skipped: there is no QEMU$/m);
    assert.equal(summaryOf(outcomes, left, true).failed, 2);
    assert.match(summaryOf(outcomes, left, true).text, /^lab +FAILED: there is no QEMU$/m);
  });
});
