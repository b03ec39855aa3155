import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { lockedByOther, takeLock } from '../../src/shell/lock.ts';
import { type ShellText, sh } from '../../src/shell/quote.ts';
import { inSandboxes, type Sandbox } from './sandbox.ts';

inSandboxes('the lock of a host', sandbox => {
  afterEach(() => {
    letGo(sandbox());
    sandbox().run('rm -rf /run/hostwright.lock /tmp/hostwright-*.lock* /run/lock/hostwright-*.lock*');
  });

  it("holds back another user's run while root's is at work, and no longer", () => {
    hold(sandbox(), 'root', 'first');
    const { status, stderr } = take(sandbox(), 'nobody', 'second');
    assert.equal(status, lockedByOther);
    assert.match(stderr, /^root@first \(process \d+ on the host\)$/m);
    assert.equal(take(sandbox(), 'nobody', 'first').status, 0, 'the same run passes');
    letGo(sandbox());
    assert.equal(take(sandbox(), 'nobody', 'second').status, 0);
  });

  for (const [what, plant] of Object.entries({
    'a directory': 'mkdir "$own" && echo "it $$ $(cut -d" " -f22 /proc/$$/stat) text of daemon" >"$own/holder"',
    'a link': 'ln -s /etc "$own"',
    'a file': ': >"$own"',
  })) {
    it(`is not held by ${what} that another user has at its place`, () => {
      const { run } = sandbox();
      const place = '{ [ -w /run/lock ] && echo /run/lock || echo /tmp; }';
      const own = run(`su -s /bin/sh nobody -c ${sh`${place}`.text}`).trim();
      run(
        sh`su -s /bin/sh daemon -c ${`own=${own}/hostwright-$(id -u nobody).lock; ${plant}; echo >/tmp/planted; sleep 30`} >/dev/null 2>&1 &
n=0; until [ -e /tmp/planted ] || [ $n -gt 50 ]; do sleep 0.1; n=$((n + 1)); done; rm /tmp/planted`.text,
      );
      assert.equal(take(sandbox(), 'nobody', 'first').status, 0);
      hold(sandbox(), 'nobody', 'second');
      const { status, stderr } = take(sandbox(), 'nobody', 'third');
      assert.equal(status, lockedByOther, 'a lock of its own holds all the same');
      assert.match(stderr, /^nobody@second /m);
    });
  }

  it('does not let another user hold root back', () => {
    hold(sandbox(), 'nobody', 'first');
    assert.equal(take(sandbox(), 'nobody', 'second').status, lockedByOther);
    assert.equal(take(sandbox(), 'root', 'second').status, 0);
  });
});

/** A shell of this user that takes the lock and works on. */
function hold({ run }: Sandbox, user: string, name: string): void {
  const text = `( ${lockOf(user, name).text}\n) && echo $$ && sleep 60`;
  run(
    sh`su -s /bin/sh ${user} -c ${text} >/tmp/holder 2>&1 &
n=0; until [ -s /tmp/holder ] || [ $n -gt 50 ]; do sleep 0.1; n=$((n + 1)); done`.text,
  );
}

function letGo({ run }: Sandbox): void {
  run('[ ! -e /tmp/holder ] || { kill $(cat /tmp/holder); rm /tmp/holder; }');
}

function take({ enter }: Sandbox, user: string, name: string): { status: number | null; stderr: string } {
  const [program, ...words] = [...enter, 'su', '-s', '/bin/sh', user, '-c', lockOf(user, name).text];
  return spawnSync(program!, words, { encoding: 'utf8' });
}

function lockOf(user: string, name: string): ShellText {
  return takeLock({ id: name, who: `${user}@${name}`, line: { id: name, number: 1 } });
}
