import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { mutationsOf } from './enumerate.ts';
import type { Mutation } from './mutation.ts';

/**
 * A mutation that changes nothing that anybody could see: its lines as they are and as they become,
 * as the report shows them.
 */
export type Equivalent = { file: string; line: string; becomes: string; reason: string };

/** The list of a project: `test/mutations.yml`. */
export function readEquivalents(root: string): Equivalent[] {
  const path = join(root, 'test/mutations.yml');
  return existsSync(path) ? ((parse(readFileSync(path, 'utf8')) as Equivalent[] | null) ?? []) : [];
}

/** Whether a mutation is in the list. */
export function isEquivalent({ after, before, file }: Mutation, list: Equivalent[]): boolean {
  return list.some(row => row.file === file && row.line === before && row.becomes === after);
}

/** The rows of a list that are not a mutation of their file any more. */
export function outdated(root: string, list: Equivalent[]): Equivalent[] {
  return list.filter(row => {
    const path = join(root, row.file);
    if (!existsSync(path)) return true;
    return !mutationsOf(row.file, readFileSync(path, 'utf8')).some(mutation => isEquivalent(mutation, [row]));
  });
}
