import assert from 'node:assert/strict';
import { type Change, change, type Decision, ok } from '../../src/decision.ts';
import { hashedChange } from '../../src/planned/hashed-change.ts';
import { holdTo } from '../../src/planned/hold.ts';
import type { PlannedTask } from '../../src/planned/plan-file.ts';
import type { ReviewedCall } from '../../src/run/state/review.ts';
import { script } from '../../src/shell/script.ts';
import { call, hash, planned, task } from './planned.ts';

/** A change of a file from one text to another. */
const from = (before: string, after: string, hazards: readonly ('reboot' | 'data-loss')[] = []) =>
  change('differs', {
    diff: [{ subject: '/f', before, after }],
    apply: script({}),
    hazards: hazards.map(hazard => ({ hazard, subject: 'h1', because: 'of this' })),
  });

/** Why a plan refuses a decision; undefined where it lets it be. */
function refusal(
  tasks: readonly PlannedTask[],
  decision: Decision,
  more: Partial<ReviewedCall> = {},
  unknownRuns = true,
) {
  return holdTo({ tasks, hash, unknownRuns })({ ...call, ...more }, decision)?.message;
}

const ab = from('a', 'b');

describe('what a plan lets a run do', () => {
  it('is the change that it has, and anything that changes nothing', () => {
    assert.equal(refusal([planned(ab)], ab), undefined);
    assert.equal(refusal([], ok('is right')), undefined);
  });

  it('is not a change from elsewhere, to elsewhere, or with other arguments', () => {
    assert.match(refusal([planned(ab)], from('x', 'b'))!, /the host was changed since the plan was made/);
    assert.match(refusal([planned(ab)], from('a', 'x'))!, /another change than the plan has/);
    assert.match(refusal([planned(ab)], ab, { args: { path: '/g' } })!, /its arguments are not those of the plan/);
    assert.match(refusal([planned(ab)], ab, { host: 'h2' })!, /it is not in the plan/);
  });

  it('is not a change that shows no difference, where the plan found nothing to change', () => {
    const silent = change('restarts', { diff: [], apply: script({}) });
    assert.match(refusal([planned(ok('runs'))], silent)!, /the plan found nothing to change/);
    assert.equal(refusal([planned(silent)], silent), undefined);
  });

  it('has the hazards that were planned and no others', () => {
    const harmful = from('a', 'b', ['reboot', 'data-loss']);
    assert.match(refusal([planned(ab, { hazards: ['reboot'] })], harmful)!, /does not have its hazards: data-loss;/);
    assert.equal(refusal([planned(ab, { hazards: ['data-loss', 'reboot'] })], harmful), undefined);
    const unknown = planned(ok('?'), { status: 'unknown', calls: [] });
    assert.match(refusal([unknown], harmful)!, /does not have its hazards: reboot, data-loss;/);
  });

  it('is what could not be told, and handlers that follow from that, if those may run', () => {
    const unknown = planned(ok('?'), { status: 'unknown', calls: [] });
    const handler = { place: '0/h', task: { ...task, handler: true } };
    assert.equal(refusal([unknown], ab), undefined);
    assert.equal(refusal([unknown], ab, handler), undefined);
    assert.match(refusal([planned(ab)], ab, handler)!, /it is not in the plan/);
    assert.match(refusal([unknown], ab, {}, false)!, /could not tell/);
    assert.match(refusal([unknown], ab, handler, false)!, /it is not in the plan/);
  });

  it('may have another secret: a plan has no hash that a secret could be found from', () => {
    const named = (secret: string) => from('', `key=${secret}`);
    assert.equal(refusal([planned(named('S3CR3T-named'))], named('***')), undefined);
    assert.match(refusal([planned(named('S3CR3T-named'))], named('word'))!, /another change than the plan has/);
    const own = { secrets: ['S3CR3T-own'], args: { path: '/f', key: 'S3CR3T-own' } };
    const calls = [{ args: hash.value({ path: '/f', key: '***' }), change: hashedChange(ab, hash) }];
    assert.equal(refusal([planned(ab, { calls })], ab, own), undefined);
    assert.match(refusal([planned(ab, { calls })], ab, { ...own, secrets: [] })!, /arguments are not those/);
  });

  it('is any change of a task with no_log that was to change something, but for its hazards', () => {
    const hidden = { hidden: true };
    const calls = [{ change: { diff: [], touches: [] } }];
    assert.equal(refusal([planned(ab, { calls })], from('x', 'y'), hidden), undefined);
    assert.match(refusal([planned(ab, { calls })], from('x', 'y', ['reboot']), hidden)!, /have its hazards: reboot/);
    assert.match(refusal([planned(ok('is right'), { calls: [{}] })], ab, hidden)!, /found nothing to change/);
  });

  it('goes on from what an earlier change of the run has left', () => {
    const review = holdTo({ tasks: [planned(ab), planned(from('a', 'c'), { place: '0/1' })], hash, unknownRuns: true });
    assert.equal(review(call, ab), undefined);
    assert.equal(review({ ...call, place: '0/1' }, from('b', 'bc')), undefined);
    assert.match(review({ ...call, place: '0/1' }, from('b', 'c'))!.message, /the host was changed/);
  });

  it('may begin elsewhere where that change left it otherwise, with the very lines that were planned', () => {
    const tasks = [planned(from('', 'a\nb\n')), planned(from('a\nb\n', 'a\nb\nc\n'), { place: '0/1' })];
    const second = { ...call, place: '0/1' };
    const found = from('b\na\nmore\n', 'b\na\nmore\nc\n');
    const review = holdTo({ tasks, hash, unknownRuns: true });
    assert.match(review(second, found)!.message, /another change/);
    assert.equal(review(call, from('', 'a\nb\n')), undefined);
    assert.match(review(second, from('b\na\n', 'b\na\nd\n'))!.message, /another change/);
    assert.match(review(second, from('b\na\nc\n', 'b\na\nc\nc\nc\n'))!.message, /another change/);
    assert.equal(review(second, found), undefined);
  });

  it('goes on from there in one part, where the others are as planned', () => {
    const both = (first: Change, second: Change) => ({ ...first, diff: [...first.diff, ...second.diff] });
    const other = { ...from('1', '2'), diff: [{ subject: '/g', before: '1', after: '2' }] };
    const tasks = [planned(ab), planned(both(from('a', 'c'), other), { place: '0/1' })];
    const review = holdTo({ tasks, hash, unknownRuns: true });
    assert.equal(review(call, ab), undefined);
    const found = { ...other, diff: [{ subject: '/g', before: 'x', after: '2' }] };
    assert.match(review({ ...call, place: '0/1' }, both(from('b', 'c'), found))!.message, /the host was changed/);
    assert.equal(review({ ...call, place: '0/1' }, both(from('b', 'c'), other)), undefined);
  });
});
