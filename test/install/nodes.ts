import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../../scripts/tests/cache.ts';

/** The folder with the `node` of a major version, from the npm registry; kept for the next time. */
export function nodeFolder(major: number): string {
  const folder = cached(`nodes/${major}`);
  const bin = join(folder, 'node_modules/.bin');
  if (!existsSync(join(bin, 'node'))) {
    mkdirSync(folder, { recursive: true });
    const words = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error', `node@${major}`];
    execFileSync('npm', words, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'], timeout: 300_000 });
  }
  return bin;
}
