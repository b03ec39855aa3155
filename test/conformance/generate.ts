// npm run conformance [-- TEXT]: runs Ansible on the cases (those with TEXT in their names) whose
// expectation is missing or stale, and stores what it did; then Hostwright on those of
// differences.yml, and stores in what it differs.
import { readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ansibleVersion, runAnsible } from './ansible.ts';
import { type Case, fileOf, readCases } from './case.ts';
import { differencesOf, readDifferences } from './compare.ts';
import { isCurrent, outcomesOf, readExpectation, writeExpectation } from './expectation.ts';
import { writeDifferences } from './known-differences.ts';
import { runOurs } from './ours.ts';

process.exitCode = await main(process.argv[2]);

async function main(text: string | undefined): Promise<number> {
  const version = ansibleVersion();
  if (version === undefined) {
    process.stderr.write('Ansible is not installed: apt-get install ansible-core\n');
    return 1;
  }
  const all = readCases().flatMap(({ cases }) => cases);
  const named = all.filter(({ it }) => text === undefined || it.includes(text));
  const stale = named.filter(given => {
    const known = readExpectation(given);
    return text !== undefined || !known || known.ansible !== version || !isCurrent(given, known);
  });
  await twoAtATime(stale, async given => writeExpectation(given, version, await runAnsible(given)));
  const wanted = new Set(readDifferences().flatMap(({ cases }) => cases));
  const different = named.filter(({ it }) => wanted.has(it));
  await twoAtATime(different, async given => {
    writeDifferences(given, differencesOf(outcomesOf(given), await runOurs(given)));
  });
  removeOthers(all, 'expected');
  removeOthers(
    all.filter(({ it }) => wanted.has(it)),
    'differences',
  );
  process.stderr.write(`${stale.length} of ${all.length} cases were run with Ansible ${version}.\n`);
  process.stderr.write(`${different.length} were run with Hostwright: git diff says what has changed.\n`);
  return 0;
}

async function twoAtATime(cases: Case[], work: (given: Case) => Promise<void>): Promise<void> {
  const left = [...cases];
  async function worker(): Promise<void> {
    for (let given = left.shift(); given; given = left.shift()) {
      await work(given);
      process.stderr.write(`${given.it}\n`);
    }
  }
  await Promise.all([worker(), worker()]);
}

/** What is stored of cases that are not there any more. */
function removeOthers(cases: Case[], kind: 'expected' | 'differences'): void {
  const names = new Set(cases.map(given => basename(fileOf(given, kind))));
  const folder = join(import.meta.dirname, kind);
  for (const name of readdirSync(folder)) if (!names.has(name)) rmSync(join(folder, name));
}
