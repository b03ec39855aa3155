import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { nodeFolder } from './nodes.ts';

const repository = join(import.meta.dirname, '../..');

/** What a command has printed, and its exit code. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A folder with a clone, a place for global packages and a home: nothing of the user's is touched.
 */
export interface Machine {
  readonly clone: string;
  /** A folder outside the clone, empty at first. */
  readonly elsewhere: string;
  /** Runs a line of sh with a major version of Node first on the PATH, in a folder. */
  readonly sh: (line: string, place: { readonly node: number; readonly cwd: string }) => Outcome;
  readonly remove: () => void;
}

/** Makes a {@link Machine}. Its clone has the files of the working tree, without node_modules. */
export function newMachine(): Machine {
  const folder = mkdtempSync(join(tmpdir(), 'hw-install-'));
  const clone = join(folder, 'clone');
  const elsewhere = join(folder, 'elsewhere');
  const prefix = join(folder, 'prefix');
  for (const made of [clone, elsewhere, prefix, join(folder, 'home')]) mkdirSync(made);
  for (const file of sourceFiles()) {
    mkdirSync(dirname(join(clone, file)), { recursive: true });
    cpSync(join(repository, file), join(clone, file), { verbatimSymlinks: true });
  }
  const cache = execFileSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).trim();
  const npm = execFileSync('npm', ['config', 'get', 'userconfig'], { encoding: 'utf8' }).trim();
  return {
    clone,
    elsewhere,
    sh: (line, { node, cwd }) => {
      const env = {
        ...process.env,
        PATH: `${nodeFolder(node)}:${join(prefix, 'bin')}:${process.env.PATH}`,
        HOME: join(folder, 'home'),
        npm_config_prefix: prefix,
        npm_config_cache: cache,
        npm_config_userconfig: npm,
        npm_config_prefer_offline: 'true',
      };
      const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', line], {
        cwd,
        env,
        encoding: 'utf8',
        timeout: 600_000,
      });
      return { status, stdout, stderr };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function sourceFiles(): readonly string[] {
  const words = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const text = execFileSync('git', words, { cwd: repository, encoding: 'utf8' });
  const deleted = new Set(
    execFileSync('git', ['ls-files', '-z', '--deleted'], { cwd: repository, encoding: 'utf8' }).split('\0'),
  );
  return text.split('\0').filter(name => name !== '' && !deleted.has(name));
}
