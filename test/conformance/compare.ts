import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Case, Outcome, Outcomes } from './case.ts';

/** A difference that is wanted: of these cases, these parts of the outcome, and why. */
export type Difference = { cases: string[]; only: string[]; reason: string };

/** The table of wanted differences. */
export function readDifferences(): Difference[] {
  return (parse(readFileSync(join(import.meta.dirname, 'differences.yml'), 'utf8')) as Difference[] | null) ?? [];
}

/** What of an outcome is compared. `ok` is not: Ansible counts includes and Hostwright does not. */
function comparable({ exit, hosts, files, order }: Outcome): object {
  // A host that did nothing has no line in Ansible's recap.
  const busy = Object.entries(hosts).filter(([, recap]) => Object.values(recap).some(count => count > 0));
  const recaps = busy.map(([host, { ok: _, ...recap }]) => [host, recap]);
  return { exit, hosts: Object.fromEntries(recaps), files, order };
}

/**
 * Parts in which two outcomes differ: the path, and both values. What is not there has no value.
 */
export type Differences = Record<string, { ansible?: unknown; ours?: unknown }>;

/** Every part in which two outcomes differ. */
export function differencesOf(ansible: Outcomes, ours: Outcomes): Differences {
  const [theirs, own] = [ansible, ours].map(({ first, again, check }) =>
    flatten({ first: comparable(first), again: comparable(again), ...(check && { check: comparable(check) }) }),
  ) as [Record<string, unknown>, Record<string, unknown>];
  const paths = [...new Set([...Object.keys(theirs), ...Object.keys(own)])].toSorted();
  const different = paths.filter(path => theirs[path] !== own[path]);
  return Object.fromEntries(different.map(path => [path, { ansible: theirs[path], ours: own[path] }]));
}

/** What differs in a case and has no row of the table. */
export function unexplained(given: Case, found: Differences, table: Difference[]): Differences {
  const patterns = rowsOf(given, table).flatMap(({ only }) => only);
  return Object.fromEntries(
    Object.entries(found).filter(([path]) => !patterns.some(pattern => matches(path, pattern))),
  );
}

/**
 * Patterns of the table that match nothing that differs in a case, each with the reason of its row.
 */
export function idle(given: Case, found: Differences, table: Difference[]): string[] {
  const paths = Object.keys(found);
  return rowsOf(given, table).flatMap(({ only, reason }) =>
    only.filter(pattern => !paths.some(path => matches(path, pattern))).map(pattern => `${pattern}: ${reason}`),
  );
}

function rowsOf(given: Case, table: Difference[]): Difference[] {
  return table.filter(({ cases }) => cases.includes(given.it));
}

function matches(path: string, pattern: string): boolean {
  const [steps, wanted] = [path.split(' / '), pattern.split(' / ')];
  return wanted.every((step, at) => step === '*' || step === steps[at]);
}

function flatten(value: unknown, path: string[] = []): Record<string, unknown> {
  if (Array.isArray(value)) return { [path.join(' / ')]: value.join(' | ') };
  if (typeof value !== 'object' || value === null) return { [path.join(' / ')]: value };
  return Object.assign({}, ...Object.entries(value).map(([key, item]) => flatten(item, [...path, key])));
}

/** Differences, told so that a person sees them at once. */
export function told(found: Differences): string {
  return Object.entries(found)
    .map(([path, { ansible, ours }]) => `${path}: Ansible ${JSON.stringify(ansible)}, here ${JSON.stringify(ours)}`)
    .join('\n');
}
