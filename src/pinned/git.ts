import { spawnSync } from 'node:child_process';
import { exitCodes, HostwrightError } from '../errors.ts';

/** Nothing of a repository runs, and nothing goes on in the background once git has answered. */
const quiet = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'submodule.recurse=false',
  'gc.auto=0',
  'maintenance.auto=false',
].flatMap(setting => ['-c', setting]);

/**
 * What a git that runs a hook hands on to its children: it would send ours to another repository.
 */
const ofAnotherRepository = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_NAMESPACE',
  'GIT_PREFIX',
];

/**
 * Runs git where it may reach a repository, with the user's configuration: credentials and proxies
 * stand there.
 * @throws HostwrightError
 */
export function gitRemote(args: readonly string[], checkout?: string): string {
  return git([...placeOf(checkout), ...args], { GIT_ALLOW_PROTOCOL: 'https:ssh:file' });
}

/**
 * Runs git on a checkout, with no network and no user's configuration, so that it does the same for
 * everyone.
 * @throws HostwrightError
 */
export function gitLocal(args: readonly string[], checkout?: string): string {
  return git(
    [...placeOf(checkout), ...args],
    {
      GIT_ALLOW_PROTOCOL: '',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_COUNT: '0',
      GIT_CONFIG_PARAMETERS: undefined,
      // Looking at a checkout writes nothing into it.
      GIT_OPTIONAL_LOCKS: '0',
    },
    localLimit,
  );
}

/** Told where the checkout is, git does not look for one in the folders above. */
function placeOf(checkout: string | undefined): readonly string[] {
  return checkout === undefined ? [] : [`--git-dir=${checkout}/.git`, `--work-tree=${checkout}`];
}

/** Milliseconds that git may take on this machine. */
const localLimit = 60_000;

function git(args: readonly string[], settings: NodeJS.ProcessEnv, limit?: number): string {
  const cleared = Object.fromEntries(ofAnotherRepository.map(name => [name, undefined]));
  const { error, status, signal, stdout, stderr } = spawnSync('git', [...quiet, ...args], {
    env: { ...process.env, ...cleared, GIT_TERMINAL_PROMPT: '0', ...settings },
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    timeout: limit,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT')
    throw new HostwrightError('roles.no-git', 'There is no git on this machine, and roles.yml names roles.', {
      hint: 'Install git.',
      exitCode: exitCodes.usage,
    });
  if (error || status !== 0) {
    const why = whatItSaid(stderr ?? '') || error?.message || `it ended with ${signal ?? status}`;
    throw new HostwrightError('roles.git', `git failed: ${why}`, { exitCode: exitCodes.usage, cause: error });
  }
  return stdout;
}

function whatItSaid(stderr: string): string {
  const lines = stderr.split('\n').map(line => line.replace(/^(fatal|error): /, '').replace(/[\s.]+$/, ''));
  return lines
    .filter(line => line !== '')
    .slice(0, 3)
    .join('; ');
}
