import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { collectProblems } from '../language/problems.ts';
import { readYaml } from '../language/yaml.ts';
import type { WantedRole } from './wanted.ts';

/** What a ref was when it was resolved. */
export interface LockedRole {
  readonly name: string;
  readonly git: string;
  readonly ref: string;
  readonly commit: string;
}

export const commitId = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

const text = { type: 'string', minLength: 1 };
const schema = {
  type: 'array',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'git', 'ref', 'commit'],
    properties: {
      name: text,
      git: text,
      ref: text,
      commit: { type: 'string', pattern: commitId.source, description: 'The full id of a commit.' },
    },
  },
};

/** The lock of a roles file: roles.lock.yml next to roles.yml. */
export function lockFileOf(rolesFile: string): string {
  return join(dirname(rolesFile), `${basename(rolesFile).replace(/\.ya?ml$/, '')}.lock.yml`);
}

/**
 * Reads a lock, by the names of the roles; it is empty where there is none yet.
 * @throws InvalidInput
 */
export function readLock(file: string): ReadonlyMap<string, LockedRole> {
  if (!existsSync(file)) return new Map();
  const source = readYaml(file);
  const problems = collectProblems();
  const value = source.value ?? [];
  problems.schema(schema, value, { source, path: [] });
  problems.throwIfAny();
  return new Map((value as readonly LockedRole[]).map(role => [role.name, role]));
}

/** The commit that the lock has for a role, if it has it for the same repository and ref. */
export function lockedCommit(lock: ReadonlyMap<string, LockedRole>, wanted: WantedRole): string | undefined {
  const locked = lock.get(wanted.name);
  return locked?.git === wanted.git && locked.ref === wanted.ref ? locked.commit : undefined;
}

/** Writes a lock, if it says something new: half of it is never seen. */
export function writeLock(rolesFile: string, roles: readonly LockedRole[]): void {
  const file = lockFileOf(rolesFile);
  const entries = roles
    .map(({ name, git, ref, commit }) => ({ name, git, ref, commit }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const head =
    `# Made by "hostwright roles install" from ${basename(rolesFile)}. Keep both in version ` +
    `control; edit only that one.\n`;
  const written = head + stringify(entries, { lineWidth: 0 });
  if (existsSync(file) && readFileSync(file, 'utf8') === written) return;
  const unfinished = join(dirname(file), `.${basename(file)}.${randomUUID()}`);
  writeFileSync(unfinished, written);
  renameSync(unfinished, file);
}
