import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Case, Outcome, Outcomes } from './case.ts';

/** A difference that is wanted: of these cases, this part of the outcome, and why. */
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

/** Every part in which two outcomes differ: its path, and both values. */
export function differencesOf(ansible: Outcomes, ours: Outcomes): Record<string, { ansible: unknown; ours: unknown }> {
  const [theirs, own] = [ansible, ours].map(({ first, again, check }) =>
    flatten({ first: comparable(first), again: comparable(again), ...(check && { check: comparable(check) }) }),
  ) as [Record<string, unknown>, Record<string, unknown>];
  const paths = [...new Set([...Object.keys(theirs), ...Object.keys(own)])];
  const different = paths.filter(path => theirs[path] !== own[path]);
  return Object.fromEntries(different.map(path => [path, { ansible: theirs[path], ours: own[path] }]));
}

/** Takes out what the table wants to differ for this case. Says which rows it used. */
export function withoutWanted<T>(
  given: Case,
  found: Record<string, T>,
  table: Difference[],
): { left: Record<string, T>; used: Difference[] } {
  const rows = table.filter(({ cases }) => cases.includes(given.it));
  const wanted = (path: string) => rows.filter(({ only }) => only.some(pattern => matches(path, pattern)));
  const left = Object.entries(found).filter(([path]) => wanted(path).length === 0);
  return { left: Object.fromEntries(left), used: Object.keys(found).flatMap(wanted) };
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

/** What {@link differencesOf} found, told so that a person sees it at once. */
export function told(found: object): string {
  return Object.entries(found)
    .map(
      ([path, { ansible, ours }]: [string, { ansible: unknown; ours: unknown }]) =>
        `${path}: Ansible ${JSON.stringify(ansible)}, here ${JSON.stringify(ours)}`,
    )
    .join('\n');
}
