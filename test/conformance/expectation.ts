import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type Case, fileOf, keyOf, type Outcomes } from './case.ts';

/** What Ansible did, and what it was made from. */
export type Expectation = { key: string; ansible: string; outcomes: Outcomes };

/** The stored expectation of a case, if there is one. */
export function readExpectation(given: Case): Expectation | undefined {
  const file = fileOf(given, 'expected');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Expectation) : undefined;
}

/** Stores what Ansible of this version did. */
export function writeExpectation(given: Case, ansible: string, outcomes: Outcomes): void {
  const expectation: Expectation = { key: keyOf(given, ansible), ansible, outcomes };
  writeFileSync(fileOf(given, 'expected'), `${JSON.stringify(expectation, null, 2)}\n`);
}

/** Whether an expectation is of the case as it is now. */
export function isCurrent(given: Case, { key, ansible }: Expectation): boolean {
  return key === keyOf(given, ansible);
}

/** What Ansible does in a case as it is now. Fails where that is not known. */
export function outcomesOf(given: Case): Outcomes {
  const expectation = readExpectation(given);
  assert.ok(
    expectation && isCurrent(given, expectation),
    'what Ansible does here is not known or stale: npm run conformance',
  );
  return expectation.outcomes;
}
