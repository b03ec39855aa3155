import assert from 'node:assert/strict';
import { encodeFrame, readFrame } from '../../src/shell/frame.ts';
import { prelude, readPrelude } from '../../src/shell/prelude.ts';
import { raw } from '../../src/shell/quote.ts';
import { type Answer, script } from '../../src/shell/script.ts';
import { runShell, shells } from './shells.ts';

const nonce = 'feedfacefeedfacefeedfacefeedface';

function ask(argv: readonly string[], sections: Readonly<Record<string, string>>, stopAtFailure = false): Answer {
  const asked = script(Object.fromEntries(Object.entries(sections).map(([name, text]) => [name, raw(text)])));
  const reader = readFrame(asked, nonce);
  const { stdout, stderr } = runShell(argv, encodeFrame(asked, { nonce, stopAtFailure }));
  reader.push('stdout', stdout);
  reader.push('stderr', stderr);
  assert.equal(reader.done(), true, `the shell did not come to the end of the frame: ${stderr}`);
  assert.equal(reader.stray(), 0);
  return reader.answer();
}

function seen(answer: Answer): unknown {
  return Object.fromEntries(Object.entries(answer).map(([name, { code, stdout }]) => [name, [code, stdout]]));
}

for (const { name, argv } of shells) {
  describe(`a frame in ${name}`, () => {
    it('brings code, stdout and stderr of each section', () => {
      const answer = ask(argv, { a: 'echo out; echo err >&2', b: 'exit 7', c: 'printf "no newline"' });
      assert.deepEqual(seen(answer), { a: [0, 'out\n'], b: [7, ''], c: [0, 'no newline'] });
      assert.equal(answer.a!.stderr, 'err\n');
    });

    it('goes on after a section with a syntax error', () => {
      const answer = ask(argv, { bad: 'if then fi )', good: 'echo on' });
      assert.notEqual(answer.bad!.code, 0);
      assert.deepEqual(answer.good!.stdout, 'on\n');
    });

    it('goes on after an unfinished quote, here-document or brace', () => {
      for (const text of ["echo 'x", 'echo "x', 'echo $(', '{ echo x', 'case x in', 'cat <<EOF\nx']) {
        assert.equal(ask(argv, { bad: text, good: 'echo on' }).good!.stdout, 'on\n', text);
      }
    });

    it('gives a section that reads stdin nothing to read, and the next section its own text', () => {
      assert.deepEqual(seen(ask(argv, { greedy: 'cat; read -r x; echo "[$x]"', good: 'echo on' })), {
        greedy: [0, '[]\n'],
        good: [0, 'on\n'],
      });
    });

    it('keeps what a section does to its shell from the next one', () => {
      const answer = ask(argv, {
        a: 'cd /tmp; x=1; set -eu; exec 3>&1; trap "echo trap" EXIT',
        b: 'echo "${x:-unset} $-"; false; echo on',
      });
      assert.match(answer.b!.stdout, /^unset [A-Za-z]*\non\n$/);
      assert.doesNotMatch(answer.b!.stdout.split('\n')[0]!.split(' ')[1]!, /[eu]/);
    });

    it('reports a signal as 128 + n, and goes on', () => {
      assert.deepEqual(seen(ask(argv, { a: "sh -c 'kill -9 $$'", b: 'echo on' })), { a: [137, ''], b: [0, 'on\n'] });
    });

    it('stops an apply at the first section that fails', () => {
      assert.deepEqual(seen(ask(argv, { a: 'true', b: 'exit 75', c: 'echo never', d: 'echo never' }, true)), {
        a: [0, ''],
        b: [75, ''],
      });
    });

    it('takes a text that holds the nonce-like words of another frame', () => {
      assert.equal(ask(argv, { a: "printf '%s' 'feedface 0 0'" }).a!.stdout, 'feedface 0 0');
    });

    it('says who it is in its prelude, whatever a login printed before', () => {
      const { stdout, stderr } = runShell(
        argv,
        `echo "Welcome!"\n${prelude(nonce)}\necho "$PATH|$LC_ALL|$PWD|$#|\${ENV-unset}"\n`,
      );
      const identity = readPrelude(stdout.toString(), nonce);
      assert.ok(identity && identity.pid > 1);
      assert.match(identity.startTime, /^\d+$/);
      assert.match(identity.bootId, /^[0-9a-f-]{36}$/);
      assert.ok(readPrelude(stderr.toString(), nonce));
      const [path, locale, folder, count, env] = stdout.toString().trim().split('\n').at(-1)!.split('|');
      assert.match(path!, /:\/usr\/local\/sbin:\/usr\/sbin:\/sbin$/);
      assert.deepEqual([locale, folder, count, env], ['C', '/', '0', 'unset']);
    });
  });
}

describe('the prelude', () => {
  it('is not there while its line has not come whole', () => {
    const line = Buffer.from(`banner\n${nonce} 12 99 boot /home/höme x`).toString('latin1');
    assert.equal(readPrelude(line, nonce), undefined);
    assert.deepEqual(readPrelude(`${line}\n`, nonce), {
      pid: 12,
      startTime: '99',
      bootId: 'boot',
      home: '/home/höme x',
    });
    assert.equal(readPrelude(`${nonce} 12 99 boot \n`, nonce)?.home, '');
  });
});
