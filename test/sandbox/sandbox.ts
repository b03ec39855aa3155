import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { runText } from '../live-shell.ts';
import type { Host } from '../modules/converge.ts';
import { share } from '../share.ts';

/** Programs that can be a sandbox's `/bin/sh`; with busybox its own tools come first, too. */
export const sandboxShells = ['dash', 'bash', 'busybox'] as const;
export type SandboxShell = (typeof sandboxShells)[number];

/**
 * A host of its own made of this machine: its root with every change kept apart, its own /tmp and
 * /run, host name and processes. It ends with the process that made it.
 */
export interface Sandbox {
  readonly shell: SandboxShell;
  /** The words before a program's own that run it inside, as root. */
  readonly enter: readonly string[];
  /** For `check` and `converge`. */
  readonly host: Host;
  /** Runs shell text inside and returns its stdout; anything but exit code 0 fails the test. */
  readonly run: (text: string) => string;
  /**
   * A listing of all that differs from this machine, with times: equal listings mean that nothing
   * was written in between.
   */
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

export interface SandboxOptions {
  /** `copy` does without overlayfs, as is done by itself where it cannot be mounted. */
  readonly kind?: 'overlay' | 'copy';
  /**
   * Boots systemd, which starts nothing but what a test asks for. /sys and /proc/sys are read-only
   * then.
   */
  readonly systemd?: boolean;
  /** Folders of this machine that are in /run inside, by their names there. */
  readonly shows?: Readonly<Record<string, string>>;
}

/** Makes a sandbox with another `/bin/sh`. */
export async function makeSandbox(shell: SandboxShell, options: SandboxOptions = {}): Promise<Sandbox> {
  const { kind = 'overlay', systemd = false, shows = {} } = options;
  const folder = mkdtempSync(join(tmpdir(), 'hostwright-sandbox-'));
  const hold = ['sh', scriptOf('hold.sh'), folder, shell, kind];
  const booted = [
    'sh',
    scriptOf('in-cgroup.sh'),
    basename(folder),
    'unshare',
    '--cgroup',
    ...namespaces,
    ...hold,
    'systemd',
  ];
  const [program, ...words] = systemd ? booted : ['unshare', ...namespaces, ...hold];
  const SHOWN = Object.entries(shows)
    .map(([name, path]) => `${path}=${name}`)
    .join(' ');
  const holder = spawn(program!, words, { env: { ...process.env, SHOWN } });
  const said = await ready(holder);
  const ns = `/proc/${systemd ? Number.parseInt(said, 10) : holder.pid}/ns`;
  const inside = ['nsenter', `--mount=${ns}/mnt`, `--uts=${ns}/uts`, `--pid=${ns}/pid_for_children`];
  const root = join(folder, 'root');
  const enter = [...inside, 'chroot', root, '/usr/bin/env', `PATH=${path}`, 'HOME=/root', 'LC_ALL=C'];
  const listing = [`${folder}/changes/`, '-xdev', '-printf', '%P %y %m %U:%G %s %C@ %l\\n'];
  if (systemd) output([...enter, '/bin/sh', '-c', untilBooted]);
  return {
    shell,
    enter,
    host: { shell: [...enter, '/bin/sh'] },
    run: text => runText({ shell: [...enter, '/bin/sh'] }, text),
    changes: () =>
      output([...inside, 'find', ...listing])
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

// Before systemd is the first process, systemctl takes the place for a chroot, says nothing and is
// content.
const untilBooted =
  'n=0; until systemctl show -p Version 2>/dev/null | grep -q =; do n=$((n+1)); [ $n -lt 200 ] || { systemctl show >&2; exit 1; }; sleep 0.1; done';

function scriptOf(name: string): string {
  return join(import.meta.dirname, name);
}

/** The first of the shells, and one of the others: another for each title and commit. */
function sandboxShellsFor(title: string): readonly SandboxShell[] {
  const [first, ...others] = sandboxShells;
  return [first, ...share(others, 1, shell => `${title} ${shell}`)];
}

/**
 * The body for each shell that is due, in a sandbox of its own. Where none can be made the suite is
 * skipped; in CI that is a failure.
 */
export function inSandboxes(title: string, body: (sandbox: () => Sandbox) => void, options: SandboxOptions = {}): void {
  for (const shell of sandboxShellsFor(title)) {
    describe(`${title}, in a sandbox with ${shell}`, function () {
      this.timeout(90_000);
      let sandbox: Sandbox | undefined;
      before(async function () {
        const why = sandboxObstacle();
        if (why !== undefined && process.env.CI) throw new Error(why);
        if (why !== undefined) return this.skip();
        sandbox = await makeSandbox(shell, options);
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

/** What it printed until it was ready. */
async function ready(holder: ChildProcess): Promise<string> {
  let printed = '';
  let said = '';
  holder.stderr!.on('data', data => (said += data));
  await new Promise<void>(resolve => {
    holder.stdout!.on('data', data => {
      printed += data;
      if (printed.endsWith('ready\n')) resolve();
    });
    holder.once('close', resolve);
  });
  if (!printed.endsWith('ready\n')) throw new Error(`the sandbox could not be made: ${said}`);
  return printed;
}
