import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type Copy, clearScratch } from './copy.ts';

/** How a test file is run: `before` are the words that make its world, `signal` ends it. */
export type TestRun = {
  before: string[];
  signal: AbortSignal;
  /** In seconds. */
  limit: number;
  /** Where V8 writes what was executed. */
  coverage?: string;
};

export type TestResult = { outcome: 'passed' | 'failed' | 'too long'; seconds: number };

/** Seconds for tests that are told to end, until they are ended. */
const grace = 10;

/** Runs a test file of a copy until the first failure. */
export async function runTest(copy: Copy, file: string, run: TestRun): Promise<TestResult> {
  run.signal.throwIfAborted();
  clearScratch(copy);
  const mocha = ['node_modules/mocha/bin/mocha.js', '--bail', '--exit', '--reporter', 'dot', file];
  const [program = process.execPath, ...words] = [...run.before, process.execPath, ...mocha];
  const coverage = run.coverage === undefined ? {} : { NODE_V8_COVERAGE: run.coverage };
  // Code from the cache of compiled code says less about what was executed.
  const env = { ...process.env, TMPDIR: copy.scratch, NODE_DISABLE_COMPILE_CACHE: '1', ...coverage };
  const start = Date.now();
  const child = spawn(program, words, { cwd: copy.project, env, detached: true, stdio: 'ignore' });
  const stop = () => send(child, 'SIGKILL');
  run.signal.addEventListener('abort', stop);
  let late = false;
  const timers = [
    setTimeout(() => {
      late = true;
      send(child, 'SIGINT');
    }, run.limit * 1000),
    setTimeout(stop, (run.limit + grace) * 1000),
  ];
  const [code] = await once(child, 'exit');
  stop();
  run.signal.removeEventListener('abort', stop);
  for (const timer of timers) clearTimeout(timer);
  run.signal.throwIfAborted();
  return { outcome: late ? 'too long' : code === 0 ? 'passed' : 'failed', seconds: (Date.now() - start) / 1000 };
}

/** To the process and all that it started. */
function send({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // They are gone already.
  }
}

const namespaces = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--propagation', 'private'];

// What a mutation makes of a guard may write, kill or mount: /run is a copy, and other processes
// are not seen.
const worldScript = `d=$(mktemp -d) && mount -t tmpfs tmpfs "$d" && mkdir "$d/upper" "$d/work" || exit
mount -t overlay -o "lowerdir=/run,upperdir=$d/upper,workdir=$d/work" overlay /run || exit
umount -l "$d" && rmdir "$d"
"$@"
exit $?`;

/**
 * The words that give a command processes, mounts and a /run of its own, so that nothing outlives
 * it; none where that takes root.
 */
export function worldOfItsOwn(): string[] {
  const words = [...namespaces, 'sh', '-c', worldScript, 'world'];
  return spawnSync('unshare', [...words, 'true']).status === 0 ? ['unshare', ...words] : [];
}
