import assert from 'node:assert/strict';
import { converged, explain, fine, play, type Run } from './hostwright.ts';
import type { Lab } from './lab.ts';
import { assertUntouched, lookAt } from './oracle.ts';

export type RoleProof = {
  /** A playbook of the repository, or one as data. */
  playbook: string | object[];
  /** Further arguments for every run. */
  arguments?: string[];
  /** Proves the effect with other commands than the modules'. */
  proof: (run: Run) => Promise<void>;
  /** Undoes some of it by hand. */
  disturb: () => Promise<void>;
  /** What the run after the disturbance must change, exactly. */
  fixes: string[];
  /** What that run may change as well, as things are on the host. */
  mayFix?: string[];
  /** Tasks of the first run that check mode does not foresee, exactly: known gaps. */
  unforeseen?: string[];
};

/**
 * What every role must show: check mode predicts the run and leaves the host as it was; the run
 * changes; the second run changes nothing; what somebody undoes by hand is found and fixed.
 */
export async function proveRole(lab: Lab, role: RoleProof): Promise<void> {
  const { arguments: more = [], disturb, mayFix = [], fixes, playbook, proof, unforeseen = [] } = role;
  const before = await lookAt(lab);
  const check = fine(await play(lab, playbook, '--check', ...more));
  await assertUntouched(lab, before, 'check mode');

  const run = fine(await play(lab, playbook, ...more));
  assert.ok(run.changed.length > 0, `nothing changed\n${explain(run)}`);
  assertPredicted({ ...check, changed: [...check.changed, ...unforeseen] }, run);
  await proof(run);
  const settled = await lookAt(lab);
  converged(await play(lab, playbook, ...more));
  await assertUntouched(lab, settled, 'the second run');

  await disturb();
  const disturbed = await lookAt(lab);
  const found = fine(await play(lab, playbook, '--check', ...more));
  await assertUntouched(lab, disturbed, 'check mode after a disturbance');
  const fixed = fine(await play(lab, playbook, ...more));
  const changed = fixed.changed.filter(name => !mayFix.includes(name));
  assert.deepEqual(changed, fixes, explain(fixed));
  assertPredicted(found, { ...fixed, changed });
  await proof(fixed);
}

/** What check mode foresaw is what happened, but for what it called unknown. */
export function assertPredicted(check: Run, run: Run): void {
  const known = (names: string[]) => [...new Set(names)].filter(name => !isUnknown(check, name)).sort();
  assert.deepEqual(known(check.changed), known(run.changed), `check mode foresaw something else\n${explain(check)}`);
}

/** Also an item of a loop whose list was not known. */
function isUnknown(check: Run, name: string): boolean {
  return check.unknown.some(unknown => name === unknown || name.startsWith(`${unknown} [`));
}
