// npm run conformance [-- TEXT]: runs Ansible on the cases (those with TEXT in their names) whose expectation is missing or stale, and stores what it did.
import { readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ansibleVersion, runAnsible } from './ansible.ts';
import { type Case, expectationFile, readCases } from './case.ts';
import { isCurrent, readExpectation, writeExpectation } from './expectation.ts';

process.exitCode = await main(process.argv[2]);

async function main(text: string | undefined): Promise<number> {
  const version = ansibleVersion();
  if (version === undefined) {
    process.stderr.write('Ansible is not installed: apt-get install ansible-core\n');
    return 1;
  }
  const all = readCases().flatMap(({ cases }) => cases);
  const stale = all.filter(given => {
    if (text !== undefined) return given.it.includes(text);
    const known = readExpectation(given);
    return !known || known.ansible !== version || !isCurrent(given, known);
  });
  const left = [...stale];
  async function work(): Promise<void> {
    for (let given = left.shift(); given; given = left.shift()) {
      writeExpectation(given, version!, await runAnsible(given));
      process.stderr.write(`${given.it}\n`);
    }
  }
  await Promise.all([work(), work()]);
  removeOthers(all);
  process.stderr.write(`${stale.length} of ${all.length} cases were run with Ansible ${version}.\n`);
  return 0;
}

/** Expectations of cases that are no more. */
function removeOthers(cases: Case[]): void {
  const names = new Set(cases.map(given => basename(expectationFile(given))));
  const folder = join(import.meta.dirname, 'expected');
  for (const name of readdirSync(folder)) if (!names.has(name)) rmSync(join(folder, name));
}
