import assert from 'node:assert/strict';
import { change, type Decision, followedBy, inSequence, ok, refuse, storedAndLive } from '../src/decision.ts';
import { sh } from '../src/shell/quote.ts';
import { script } from '../src/shell/script.ts';

const file = change('differs', {
  diff: [{ subject: '/etc/x', before: 'a\n', after: 'b\n' }],
  apply: script({ place: sh`place` }),
  guarded: 'place',
  alters: [{ kind: 'path', name: '/etc/x' }],
});
const live = {
  diff: [{ subject: 'x (live)', before: 'a\n', after: 'b\n' }],
  guard: script({ live: sh`same` }),
  apply: script({ live: sh`write` }),
};
const setting = (stored: Decision, part?: typeof live, first?: 'stored') =>
  storedAndLive('value', { stored, live: part, same: 'both have it', result: { x: 1 }, ...(first && { first }) });
const sectionsOf = (decision: Decision) =>
  decision.kind === 'change' ? decision.apply.sections.map(({ name }) => name) : [];

describe('a setting that is stored and live', () => {
  it('is refused where its file is, and ok where neither differs', () => {
    const refused = refuse('is a link', 'Remove it.');
    assert.equal(setting(refused, live), refused);
    assert.deepEqual(setting(ok('as it is')), { kind: 'ok', reason: 'both have it', result: { x: 1 } });
  });

  it('says which of both differs, and shows the file first', () => {
    const both = setting(file, live);
    assert.ok(both.kind === 'change');
    assert.equal(both.reason, 'stored and live value differ');
    assert.deepEqual(
      both.diff.map(({ subject }) => subject),
      ['/etc/x', 'x (live)'],
    );
    assert.deepEqual(both.result, { x: 1 });
    assert.equal((setting(file) as typeof both).reason, 'stored value differs');
    assert.equal((setting(ok('as it is'), live) as typeof both).reason, 'live value differs');
  });

  it('is set in the running system first, unless that reads the file', () => {
    assert.deepEqual(sectionsOf(setting(file, live)), ['live', 'place']);
    assert.deepEqual(sectionsOf(setting(file, live, 'stored')), ['place', 'live']);
  });
});

describe('parts of a change in sequence', () => {
  it('are guarded by all their guards, and have what each of them has', () => {
    const { guard, guarded, alters, creates } = inSequence(live, undefined, file);
    assert.deepEqual(
      guard?.sections.map(({ name }) => name),
      ['live'],
    );
    assert.deepEqual([guarded, alters, creates], ['place', [{ kind: 'path', name: '/etc/x' }], undefined]);
  });

  it('are contained only where each of them is, and where no script follows', () => {
    const own = { ...file, contained: true };
    assert.equal(inSequence(own).contained, true);
    assert.equal(inSequence(own, live).contained, undefined);
    const followed = followedBy(own, script({ reload: sh`reload` }));
    assert.equal(followed.kind === 'change' && followed.contained, false);
  });

  it('have numbers where sections have the same name', () => {
    assert.deepEqual(
      inSequence(live, live).apply.sections.map(({ name }) => name),
      ['live', 'live-2'],
    );
  });

  it('end with a script that follows a change, and no other decision', () => {
    assert.deepEqual(sectionsOf(followedBy(file, script({ reload: sh`reload` }))), ['place', 'reload']);
    const fine = ok('as it is');
    assert.equal(followedBy(fine, script({ reload: sh`reload` })), fine);
  });
});
