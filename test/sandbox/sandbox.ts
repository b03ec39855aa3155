import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host } from '../modules/converge.ts';

/** Programs that can be a sandbox's `/bin/sh`; with busybox its own tools come first, too. */
export const sandboxShells = ['dash', 'bash', 'busybox'] as const;
export type SandboxShell = (typeof sandboxShells)[number];

/**
 * A host of its own made of this machine: its root with every change kept apart, its own /tmp and /run, host name and processes. It ends
 * with the process that made it.
 */
export interface Sandbox {
  readonly shell: SandboxShell;
  /** The words before a program's own that run it inside, as root. */
  readonly enter: readonly string[];
  /** For `check` and `converge`. */
  readonly host: Host;
  /** Runs shell text inside and returns its stdout; anything but exit code 0 fails the test. */
  readonly run: (text: string) => string;
  /** A listing of all that differs from this machine, with times: equal listings mean that nothing was written in between. */
  readonly changes: () => string;
  readonly remove: () => Promise<void>;
}

/** Why no sandbox can be made here, or undefined. */
export function sandboxObstacle(): string | undefined {
  if (process.getuid?.() !== 0) return 'it mounts a root of its own, which takes root';
  const missing = ['nsenter', ...sandboxShells].filter(program => spawnSync('which', [program]).status !== 0);
  if (missing.length > 0) return `there is no ${missing.join(', ')}`;
  const { status, stderr } = spawnSync('unshare', [...namespaces, 'true'], { encoding: 'utf8' });
  return status === 0 ? undefined : `namespaces are not allowed: ${stderr?.trim() ?? 'there is no unshare'}`;
}

const namespaces = ['--mount', '--uts', '--pid', '--fork', '--kill-child', '--propagation', 'private'];

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Makes a sandbox with another `/bin/sh`.
 * @param kind `copy` does without overlayfs, as is done by itself where it cannot be mounted.
 */
export async function makeSandbox(shell: SandboxShell, kind: 'overlay' | 'copy' = 'overlay'): Promise<Sandbox> {
  const folder = mkdtempSync(join(tmpdir(), 'hostwright-sandbox-'));
  const script = join(import.meta.dirname, 'hold.sh');
  const holder = spawn('unshare', [...namespaces, 'sh', script, folder, shell, kind]);
  await ready(holder);
  const ns = `/proc/${holder.pid}/ns`;
  const beside = ['nsenter', `--mount=${ns}/mnt`, `--uts=${ns}/uts`, `--pid=${ns}/pid_for_children`];
  const root = join(folder, 'root');
  const enter = [...beside, 'chroot', root, '/usr/bin/env', `PATH=${path}`, 'HOME=/root', 'LC_ALL=C'];
  const listing = [`${folder}/changes/`, '-xdev', '-printf', '%P %y %m %U:%G %s %C@ %l\\n'];
  return {
    shell,
    enter,
    host: { shell: [...enter, '/bin/sh'] },
    run: text => output([...enter, '/bin/sh', '-c', text]),
    changes: () =>
      output([...beside, 'find', ...listing])
        .split('\n')
        .toSorted()
        .join('\n'),
    async remove() {
      // The end of the first process takes all others and the mounts along.
      const gone = once(holder, 'exit');
      holder.stdin.end();
      await gone;
      rmdirSync(folder);
    },
  };
}

/** The body once for each shell, in a sandbox of its own. Where none can be made the suite is skipped, by CI failed. */
export function inSandboxes(title: string, body: (sandbox: () => Sandbox) => void): void {
  for (const shell of sandboxShells) {
    describe(`${title}, in a sandbox with ${shell}`, function () {
      this.timeout(60_000);
      let sandbox: Sandbox | undefined;
      before(async function () {
        const why = sandboxObstacle();
        if (why !== undefined && process.env.CI) throw new Error(why);
        if (why !== undefined) return this.skip();
        sandbox = await makeSandbox(shell);
        return undefined;
      });
      after(() => sandbox?.remove());
      body(() => sandbox!);
    });
  }
}

function output([program, ...words]: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program!, words, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  assert.equal(status, 0, `${words.at(-1)}: ${stderr}`);
  return stdout;
}

async function ready(holder: ChildProcess): Promise<void> {
  let said = '';
  holder.stderr!.on('data', data => (said += data));
  const first = await new Promise(resolve => {
    holder.stdout!.once('data', data => resolve(String(data)));
    holder.once('close', () => resolve('closed'));
  });
  if (first !== 'ready\n') throw new Error(`the sandbox could not be made: ${said}`);
}
