import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { raw, sh } from '../../src/shell/quote.ts';
import { script } from '../../src/shell/script.ts';
import { type EngineOptions, type EngineRun, play, temporaryFolder } from './engine.ts';
import { defective, flagChanging, flagWith } from './flag-module.ts';

const { path } = temporaryFolder();
const all = [...Object.values(defective), flagWith('flag')];

function task(module: string, more = ''): Promise<EngineRun> {
  return playOne(module, more, { modules: all });
}

function playOne(module: string, more: string, options: EngineOptions): Promise<EngineRun> {
  return play(
    `- hosts: all\n  tasks:\n    - name: it\n      ${module}: {path: ${path('f')}, value: new}\n${more}`,
    options,
  );
}

describe('a right module', () => {
  it('is changed, then ok, and changed again when disturbed', async () => {
    const first = await task('flag');
    assert.equal(first.result('it').status, 'changed');
    assert.deepEqual(first.result('it').diff, [{ subject: path('f'), before: '', after: 'new' }]);
    assert.equal(readFileSync(path('f'), 'utf8'), 'new');
    assert.equal((await task('flag')).result('it').status, 'ok');
    writeFileSync(path('f'), 'other');
    const third = await task('flag');
    assert.deepEqual([third.result('it').status, third.result('it').message], ['changed', 'holds other']);
    assert.equal(third.exitCode, 0);
  });

  it('changes nothing in check mode, and says what it would', async () => {
    const checked = await playOne('flag', '', { modules: all, check: true });
    assert.equal(checked.result('it').status, 'changed');
    assert.equal(existsSync(path('f')), false);
    assert.equal(checked.exitCode, 0);
  });
});

describe('a defective module is caught', () => {
  it('whose apply does nothing: it did not converge', async () => {
    const { result, exitCode } = await task('applies_nothing');
    assert.equal(result('it').status, 'failed');
    assert.match(result('it').message, /^it did not converge: after the change, holds nothing/);
    assert.equal(result('it').changed, true);
    assert.equal(exitCode, 2);
  });

  it('that stops half-way: failed and changed, with what is still to do', async () => {
    const { result } = await task('stops_half_way');
    assert.equal(result('it').status, 'failed');
    assert.match(result('it').message, /second exited with code 1: no space left/);
    assert.equal(result('it').changed, true);
    assert.deepEqual(result('it').diff, [{ subject: path('f'), before: 'half', after: 'new' }]);
    assert.equal(readFileSync(path('f'), 'utf8'), 'half');
  });

  it('that calls "may not read" absent: its change never shows', async () => {
    const { result } = await task('calls_unreadable_absent');
    assert.equal(result('it').status, 'failed');
    assert.match(result('it').message, /did not converge/);
  });

  it('whose read knows no such exit code: nothing is done', async () => {
    const { result } = await task('cannot_read');
    assert.equal(result('it').message, 'cannot tell: cat exited with code 13: Permission denied');
    assert.equal(result('it').changed, false);
    assert.equal(existsSync(path('f')), false);
  });

  it('that throws: a defect, told as the result of this host', async () => {
    const { result, counts, exitCode } = await task('throws');
    assert.match(result('it').message, /^a defect in Hostwright: TypeError: oops/);
    assert.equal(counts().failed, 1);
    assert.equal(exitCode, 2);
  });

  it('that cannot tell says what to do', async () => {
    const { result } = await task('never_tells');
    assert.deepEqual(
      [result('it').message, result('it').hint],
      ['cannot tell: the lock is held', 'Wait for the other one.'],
    );
  });
});

describe('an apply', () => {
  const options = (name: string, more: Parameters<typeof flagChanging>[1]) => ({ modules: [flagChanging(name, more)] });

  it('is kept from a state that is not what was probed, and is tried again on what is', async () => {
    // The guard disturbs the file once: the second look sees the new state.
    const guarded = options('guarded', ({ path: file }, { value }) => ({
      guard: script({ same: sh`[ ${value ?? 'none'} = again ] || { printf again >${file}; exit 75; }` }),
    }));
    const { result } = await playOne('guarded', '', guarded);
    assert.deepEqual([result('it').status, result('it').message], ['changed', 'holds again']);
  });

  for (const [which, sections] of Object.entries({
    only: { same: raw('exit 75') },
    first: { same: raw('exit 75'), more: raw('true') },
    last: { same: raw('true'), more: raw('exit 75') },
  })) {
    it(`gives up after three such looks and writes nothing: the ${which} section of the guard`, async () => {
      const { result } = await playOne(
        'guarded',
        '',
        options('guarded', () => ({ guard: script(sections) })),
      );
      assert.match(result('it').message, /changed by someone else .* three times/);
      assert.equal(existsSync(path('f')), false);
    });
  }

  it('is not begun where its rehearsal fails, in check mode either', async () => {
    const rehearsed = options('rehearsed', () => ({
      rehearse: script({ validate: raw('echo line 3 is wrong >&2; exit 1') }),
    }));
    for (const check of [true, false]) {
      const { result } = await playOne('rehearsed', '', { ...rehearsed, check });
      assert.match(result('it').message, /rehearsed and is not valid: validate exited with code 1: line 3 is wrong/);
      assert.equal(existsSync(path('f')), false);
    }
  });

  it('is undone where it does not converge', async () => {
    const undone = options('undone', ({ path: file }) => ({
      pending: [{ kind: 'reboot', reason: 'a setting' }],
      apply: script({ write: sh`printf wrong >${file}` }),
      undo: script({ back: sh`rm ${file}` }),
    }));
    const { result } = await playOne('undone', '', undone);
    assert.match(result('it').message, /did not converge.*; it was undone$/);
    assert.deepEqual(result('it').pending, []);
    assert.equal(existsSync(path('f')), false);
  });

  it('whose undoing fails too says so', async () => {
    const stuck = options('stuck', ({ path: file }) => ({
      apply: script({ write: sh`printf wrong >${file}` }),
      undo: script({ back: raw('echo no space left >&2; exit 1'), never: sh`rm ${file}` }),
    }));
    const { result } = await playOne('stuck', '', stuck);
    assert.match(result('it').message, /did not converge.*; undoing it failed too: back exited with code 1: no space/);
    assert.equal(readFileSync(path('f'), 'utf8'), 'wrong');
  });

  it('may take a while to show', async () => {
    const slow = options('slow', ({ path: file, value }) => ({
      apply: script({ write: sh`{ sleep 0.4; printf %s ${value} >${file}; } >/dev/null 2>&1 &` }),
      verify: { within: 10 },
    }));
    assert.equal((await playOne('slow', '', slow)).result('it').status, 'changed');
  });

  it('with a proof of its own gives the result that was decided, not what would be decided next', async () => {
    const proven = options('proven', () => ({ verify: { proves: () => undefined }, result: { value: 'decided' } }));
    assert.equal((await playOne('proven', '', proven)).result('it').fields.value, 'decided');
  });

  it('that fails is as it should be all the same only where its own proof says so', async () => {
    const fails = (proves: () => string | undefined) => ({
      apply: script({ write: sh`printf new >${path('f')}; exit 1` }),
      verify: { proves },
    });
    const proven = options('proven', () => fails(() => undefined));
    const unproven = options('unproven', () => fails(() => 'it has another definition'));
    assert.match((await playOne('proven', '', proven)).result('it').message, /as it should be all the same/);
    rmSync(path('f'));
    assert.doesNotMatch((await playOne('unproven', '', unproven)).result('it').message, /all the same/);
  });

  it('that runs too long is stopped with all it started', async () => {
    const endless = options('endless', ({ path: file }) => ({
      apply: script({ write: sh`sh -c ${`sleep 600; echo late >${file}`}` }, { limit: 1 }),
    }));
    const { result } = await playOne('endless', '', endless);
    assert.equal(result('it').message, 'It did not end within 1 s and was stopped.');
    assert.equal(result('it').changed, true);
  });

  it('brings contents of any size and any bytes to the host, and leaves no part behind where it fails', async () => {
    for (const size of [10, 70_000]) {
      const content = `it's "$(x)" \\ é\n${'y'.repeat(size)}`;
      const put = options('put', ({ path: file }) => ({
        puts: [{ to: `${file}.part`, content }],
        apply: script({ move: sh`mv -f ${`${file}.part`} ${`${file}.got`}; printf new >${file}` }),
      }));
      assert.equal((await playOne('put', '', put)).result('it').status, 'changed');
      assert.equal(readFileSync(path('f.got'), 'utf8'), content);
      writeFileSync(path('f'), 'disturbed');
      const failing = options('put', ({ path: file }) => ({
        puts: [{ to: `${file}.part`, content }],
        apply: script({ no: raw('exit 1') }),
      }));
      assert.equal((await playOne('put', '', failing)).result('it').status, 'failed');
      assert.equal(existsSync(path('f.part')), false);
    }
  });
});
