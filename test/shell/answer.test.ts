import assert from 'node:assert/strict';
import { accept, CannotTell, type Resource } from '../../src/shell/answer.ts';
import { type Answer, output } from '../../src/shell/script.ts';

/** Answers that tell nothing: what is said about them, and what is needed. */
const useless: Record<string, { answer: Answer; message: string; needs: readonly Resource[] }> = {
  'a section that did not run': { answer: {}, message: 'vgs gave no answer', needs: [] },
  'a program that is not there': {
    answer: { vgs: output(127, '', 'vgs: not found') },
    message: 'vgs is not installed',
    needs: [{ kind: 'program', name: 'vgs' }],
  },
  'an exit code that is not listed': {
    answer: { vgs: output(5, 'half a list\n', 'a lock failed\n') },
    message: 'vgs exited with code 5: a lock failed',
    needs: [],
  },
  'a failure that is told on stdout': {
    answer: { vgs: output(5, 'no\n') },
    message: 'vgs exited with code 5: no',
    needs: [],
  },
  'a failure that is not told': {
    answer: { vgs: output(1) },
    message: 'vgs exited with code 1: it printed nothing',
    needs: [],
  },
};

describe('the answer of a section', () => {
  it('is taken with an exit code that is listed', () => {
    const answer = { vgs: output(3, 'none\n') };
    assert.equal(accept(answer, 'vgs', [0, 3], 'vgs'), answer.vgs);
  });

  for (const [title, { answer, message, needs }] of Object.entries(useless)) {
    it(`is never taken for one: ${title}`, () => {
      assert.throws(
        () => accept(answer, 'vgs', [0, 3], 'vgs'),
        (error: unknown) => {
          assert.ok(error instanceof CannotTell);
          assert.deepEqual([error.message, error.needs], [message, needs]);
          return true;
        },
      );
    });
  }
});
