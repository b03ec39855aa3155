import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type Case, fileOf } from './case.ts';
import type { Differences } from './compare.ts';

/** In what we are known to differ in a case, with what Ansible and what we come to. */
export function knownDifferences(given: Case): Differences {
  const file = fileOf(given, 'differences');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Differences) : {};
}

/** Stores in what we differ in a case. Whoever commits it says that it is right. */
export function writeDifferences(given: Case, found: Differences): void {
  const file = fileOf(given, 'differences');
  if (Object.keys(found).length === 0) rmSync(file, { force: true });
  else writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`);
}
