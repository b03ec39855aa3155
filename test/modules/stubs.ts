import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quote } from '../../src/shell/quote.ts';

export interface Ran {
  /** null where it did not end within 30 seconds. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a text as a session does, with these programs, given by their text, before all others. */
export function runWith(programs: Readonly<Record<string, string>>, text: string): Ran {
  const folder = mkdtempSync(join(tmpdir(), 'hostwright-stubs-'));
  try {
    for (const [name, content] of Object.entries(programs)) {
      writeFileSync(join(folder, name), content);
      chmodSync(join(folder, name), 0o755);
    }
    const { status, stdout, stderr } = spawnSync('sh', {
      input: `( eval ${quote(text)} ) </dev/null\n`,
      env: { ...process.env, LC_ALL: 'C', PATH: `${folder}:${process.env.PATH}` },
      encoding: 'utf8',
      timeout: 30_000,
    });
    return { code: status, stdout, stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
