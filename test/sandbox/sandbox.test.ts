import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { inSandboxes, makeSandbox, type Sandbox, sandboxObstacle } from './sandbox.ts';

inSandboxes('a host', sandbox => {
  it('has this shell as /bin/sh', () => {
    const { shell, run } = sandbox();
    const known = { dash: /^dash$/, bash: /^bash$/, busybox: /^busybox$/ }[shell];
    assert.match(run('readlink -f /bin/sh').trim().replace(/^.*\//, ''), known);
    if (shell === 'busybox') assert.match(run('readlink -f "$(command -v stat)"'), /busybox\n$/);
  });

  it('is changed, and this machine is not', () => changeIt(sandbox()));
});

describe('a sandbox without overlayfs', function () {
  this.timeout(60_000);

  it('is changed, and this machine is not', async function () {
    const why = sandboxObstacle();
    if (why !== undefined && process.env.CI) throw new Error(why);
    if (why !== undefined) return this.skip();
    const sandbox = await makeSandbox('busybox', { kind: 'copy' });
    try {
      changeIt(sandbox);
    } finally {
      await sandbox.remove();
    }
    return undefined;
  });
});

function changeIt({ run, changes }: Sandbox): void {
  const passwd = readFileSync('/etc/passwd', 'utf8');
  const name = hostname();
  const stock = changes();
  run('useradd -m guest && hostname sandboxed && ln -sf /usr/share/zoneinfo/Asia/Tokyo /etc/localtime');
  assert.equal(run('su guest -c "cd && pwd && date +%Z && hostname"'), '/home/guest\nJST\nsandboxed\n');
  assert.notEqual(changes(), stock);
  assert.equal(readFileSync('/etc/passwd', 'utf8'), passwd);
  assert.equal(hostname(), name);
}
