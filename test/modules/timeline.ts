import assert from 'node:assert/strict';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnyModule } from '../../src/modules/module.ts';
import { check, converge, type Host, shells } from './converge.ts';

export interface Step {
  readonly module: AnyModule;
  readonly files?: Host['files'];
  /** Programs that the host must not have. */
  readonly without?: readonly string[];
  /** Only root can do it. */
  readonly root?: boolean;
  /** The arguments for a temporary directory. */
  readonly args: (directory: string) => object;
  /** Brings the directory into the condition before the first run. */
  readonly before?: (directory: string) => void;
  /** Asserts the condition after a run, by other means than the module's. */
  readonly proof: (directory: string) => void;
  /** Spoils what the module made. Absent: the module has nothing that could be spoiled. */
  readonly disturb?: (directory: string) => void;
  /** Undoes what removing the directory does not. */
  readonly after?: (directory: string) => void;
}

/**
 * The life of a task under every shell of this machine: check changes nothing, the run changes, the
 * next is ok, a disturbance is found and fixed.
 */
export function timeline(title: string, step: Step): void {
  for (const shell of shells) {
    it(`${title} (${shell.join(' ')})`, function () {
      if (step.root && process.getuid?.() !== 0) this.skip();
      const directory = mkdtempSync(join(tmpdir(), "hostwright it's "));
      const { module, files = {}, without = [] } = step;
      const host: Host = { shell, files, without };
      const args = step.args(directory);
      try {
        step.before?.(directory);
        const stock = snapshot(directory);
        kind(check(host, module, args), 'change');
        assert.deepEqual(snapshot(directory), stock, 'check mode changed something');
        kind(converge(host, module, args), 'change');
        step.proof(directory);
        kind(converge(host, module, args), 'ok');
        if (!step.disturb) return;
        step.disturb(directory);
        kind(converge(host, module, args), 'change');
        step.proof(directory);
      } finally {
        step.after?.(directory);
        rmSync(directory, { recursive: true, force: true });
      }
    });
  }
}

/** Runs `body` once for each shell in a fresh directory. */
export function eachShell(title: string, body: (host: Host, directory: string) => void | Promise<void>): void {
  for (const shell of shells) {
    it(`${title} (${shell.join(' ')})`, async () => {
      const directory = mkdtempSync(join(tmpdir(), "hostwright it's "));
      try {
        await body({ shell }, directory);
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    });
  }
}

function kind(decision: { readonly kind: string }, wanted: string): void {
  assert.equal(decision.kind, wanted, JSON.stringify(decision, null, 2));
}

/** Every path below `directory` with its attributes, times and content. */
function snapshot(directory: string): object {
  return Object.fromEntries(
    readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .toSorted()
      .map(name => {
        const { mode, uid, gid, mtimeMs, size, nlink } = lstatSync(join(directory, name));
        const type = mode & 0o170000;
        const path = join(directory, name);
        const content = type === 0o100000 ? readFileSync(path, 'latin1') : type === 0o120000 ? readlinkSync(path) : '';
        return [name, { mode, uid, gid, mtimeMs, size, nlink, content }];
      }),
  );
}
