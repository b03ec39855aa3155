import assert from 'node:assert/strict';
import type { Session } from '../../src/connections/session.ts';
import { createLookAhead, type LookAhead } from '../../src/run/state/look-ahead.ts';
import type { Question } from '../../src/run/state/question.ts';
import { sh } from '../../src/shell/quote.ts';
import { output, script } from '../../src/shell/script.ts';

/** A shell of a machine that answers everything with how often it was asked. */
function shellOn(bootId: string, roundTrip = 0): Session {
  let asked = 0;
  const ask = async () => {
    asked += 1;
    return { look: output(0, String(asked)) };
  };
  return { identity: () => ({ pid: 1, startTime: '1', bootId }), roundTrip, ask } as unknown as Session;
}

function question(name: string): Question {
  return { script: script({ look: sh`cat ${name}` }), options: { limit: 30 } };
}

async function taken(ahead: LookAhead, session: Session, name: string): Promise<string | undefined> {
  return (await ahead.take(session, question(name)))?.look?.stdout;
}

describe('an answer that was asked for ahead', () => {
  it('is given once, to who asks the same', async () => {
    const ahead = createLookAhead(64);
    const session = shellOn('a');
    ahead.ask(session, question('one'));
    ahead.ask(session, question('two'));
    assert.equal(await taken(ahead, session, 'other'), undefined);
    assert.equal(await taken(ahead, shellOn('a'), 'one'), undefined, 'another shell has its own');
    assert.equal(await taken(ahead, session, 'one'), '1');
    assert.equal(await taken(ahead, session, 'one'), undefined);
    assert.equal(await taken(ahead, session, 'two'), '2');
  });

  it('does not count once something is applied on that machine, through whatever shell', async () => {
    const ahead = createLookAhead(64);
    const [own, alias, other] = [shellOn('a'), shellOn('a'), shellOn('b')];
    for (const session of [own, other]) ahead.ask(session, question('one'));
    const ended = ahead.change(alias, false);
    assert.equal(await taken(ahead, own, 'one'), undefined);
    assert.equal(ahead.room(own), 0, 'nothing is asked while another shell alters what it would see');
    ahead.ask(own, question('one'));
    ended(true);
    assert.equal(await taken(ahead, own, 'one'), undefined);
    assert.equal(await taken(ahead, other, 'one'), '1', 'another machine');
  });

  it('says only what has been learnt of a machine, which counts as long', () => {
    const ahead = createLookAhead(0);
    const [own, alias, other] = [shellOn('a'), shellOn('a'), shellOn('b')];
    const learn = () => {
      for (const session of [own, other]) ahead.learnt(session).set('it', 'so');
    };
    const known = (session: Session) => ahead.learnt(session).get('it');
    learn();
    assert.deepEqual([own, alias, other].map(known), ['so', 'so', 'so']);
    const underway = ahead.learnt(own);
    const ended = ahead.change(alias, false);
    learn();
    assert.deepEqual([own, alias, other].map(known), [undefined, undefined, 'so']);
    ended(true);
    underway.set('it', 'so');
    assert.deepEqual([own, alias, other].map(known), [undefined, undefined, 'so'], 'it was asked before the change');
    learn();
    ahead.forget([other]);
    assert.deepEqual([own, alias, other].map(known), ['so', 'so', undefined]);
    learn();
    ahead.unsettle(own);
    assert.deepEqual([own, alias, other].map(known), [undefined, undefined, 'so']);
  });

  it('counts where it was asked behind the change in the same shell, if that was the whole of it', async () => {
    for (const clean of [true, false]) {
      const ahead = createLookAhead(64);
      const session = shellOn('a');
      const ended = ahead.change(session, false);
      ahead.ask(session, question('one'));
      ended(clean);
      assert.equal(await taken(ahead, session, 'one'), clean ? '1' : undefined);
    }
  });

  it('counts nowhere after a change, where hosts go in step', async () => {
    const ahead = createLookAhead(64);
    const [one, two] = [shellOn('a'), shellOn('b')];
    ahead.ask(two, question('one'));
    const ended = ahead.change(one, true);
    assert.equal(await taken(ahead, two, 'one'), undefined);
    ahead.ask(two, question('one'));
    ended(true);
    assert.equal(await taken(ahead, two, 'one'), undefined);
  });

  it('does not count once time has passed, nor is anything asked where something goes on by itself', async () => {
    const ahead = createLookAhead(64);
    const session = shellOn('a');
    ahead.ask(session, question('one'));
    ahead.forget([session]);
    assert.equal(await taken(ahead, session, 'one'), undefined);
    ahead.unsettle(session);
    assert.equal(ahead.room(session), 0);
    ahead.ask(session, question('one'));
    assert.equal(await taken(ahead, session, 'one'), undefined);
  });

  it('is asked for where a machine can be told from others', () => {
    assert.equal(createLookAhead(64).room(shellOn('-')), 0);
  });

  it('goes further with each that was of use, and begins small after a change', async () => {
    const ahead = createLookAhead(64);
    const session = shellOn('a');
    const start = ahead.room(session);
    ahead.ask(session, question('one'));
    await taken(ahead, session, 'one');
    assert.equal(ahead.room(session), 2 * start);
    ahead.change(session, false)(true);
    assert.equal(ahead.room(session), 1);
    ahead.ask(session, question('one'), true);
    await taken(ahead, session, 'one');
    assert.equal(ahead.room(session), 1, 'that a change took says nothing of the next task');
    for (let round = 0; round < 10; round += 1) {
      ahead.ask(session, question('one'));
      await taken(ahead, session, 'one');
    }
    assert.equal(ahead.room(session), 64);
    assert.equal(createLookAhead(0).room(session), 0);
  });

  it('is asked for as far as may be at once where the way is long', () => {
    const ahead = createLookAhead(64);
    const distant = shellOn('a', 100);
    assert.equal(ahead.room(distant), 64);
    assert.equal(ahead.firstRoom(distant.roundTrip), 64);
    const near = shellOn('b', 1);
    assert.equal(ahead.firstRoom(near.roundTrip), ahead.room(near));
    assert.ok(ahead.room(near) < 64);
    ahead.change(distant, false)(true);
    assert.equal(ahead.room(distant), 1);
  });

  it('that is not taken makes room, after a while', () => {
    const ahead = createLookAhead(2);
    const session = shellOn('a');
    ahead.ask(session, question('one'));
    ahead.ask(session, question('two'));
    const rooms = Array.from({ length: 8 }, () => ahead.room(session));
    assert.deepEqual(rooms, [0, 0, 0, 0, 0, 0, 0, 2]);
  });
});

describe('a change', () => {
  it('waits for what other shells of the machine are looking at', async () => {
    const ahead = createLookAhead(64);
    const [one, two] = [shellOn('a'), shellOn('a')];
    let answer: (value: object) => void = () => undefined;
    const slow = { ...two, ask: () => new Promise<object>(done => (answer = done)) } as unknown as Session;
    ahead.ask(slow, question('one'));
    const ended = ahead.change(one, false);
    let quiet = false;
    const wait = ahead.quiet(one).then(() => {
      quiet = true;
    });
    await new Promise(done => setImmediate(done));
    assert.equal(quiet, false);
    answer({});
    await wait;
    ended(true);
  });
});
