import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A git repository in a folder, for roles to come from. */
export interface Repository {
  /** Runs git in it; returns what it says. */
  readonly git: (...args: readonly string[]) => string;
  /** Writes files and commits all that differs; returns the commit. */
  readonly commit: (files: Readonly<Record<string, string>>) => string;
}

/** Makes an empty {@link Repository} whose branch is main. */
export function makeRepository(folder: string): Repository {
  const who = [
    '-c',
    'user.name=A',
    '-c',
    'user.email=a@example.org',
    '-c',
    'commit.gpgSign=false',
    '-c',
    'core.hooksPath=',
  ];
  const env = { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
  const git = (...args: readonly string[]) =>
    execFileSync('git', [...who, ...args], {
      cwd: folder,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  mkdirSync(folder, { recursive: true });
  git('init', '--quiet', '--template=', '--initial-branch=main');
  return {
    git,
    commit: files => {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
      }
      git('add', '--all', '--force');
      git('commit', '--quiet', '--allow-empty', '--message=x');
      return git('rev-parse', 'HEAD');
    },
  };
}
