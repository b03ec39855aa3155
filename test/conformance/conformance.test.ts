import assert from 'node:assert/strict';
import { type Farm, startFarm } from '../sshd/farm.ts';
import { ansibleVersion, runAnsible } from './ansible.ts';
import { type Case, readCases } from './case.ts';
import { differencesOf, readDifferences, withoutWanted } from './compare.ts';
import { isCurrent, readExpectation } from './expectation.ts';
import { runOurs } from './ours.ts';
import { chosen } from './sample.ts';

const table = readDifferences();
const files = readCases();
const all = files.flatMap(({ cases }) => cases);

/** What differs, told so that a person sees it at once. */
function told(found: object): string {
  return Object.entries(found)
    .map(
      ([path, { ansible, ours }]: [string, { ansible: unknown; ours: unknown }]) =>
        `${path}: Ansible ${JSON.stringify(ansible)}, here ${JSON.stringify(ours)}`,
    )
    .join('\n');
}

function expected(given: Case) {
  const expectation = readExpectation(given);
  assert.ok(
    expectation && isCurrent(given, expectation),
    'what Ansible does here is not known or stale: npm run conformance',
  );
  return expectation.outcomes;
}

describe('conformance with Ansible', function () {
  this.timeout(120_000);

  it('has cases with names of their own, and no difference for a case that is not there', () => {
    const names = all.map(({ it: name }) => name);
    assert.deepEqual(names, [...new Set(names)]);
    const unknown = table.flatMap(({ cases }) => cases).filter(name => !names.includes(name));
    assert.deepEqual(unknown, []);
  });

  for (const { file, cases } of files) {
    describe(file.replace('.yml', ''), () => {
      for (const given of cases) {
        it(given.it, async () => {
          const found = differencesOf(expected(given), await runOurs(given));
          const { left, used } = withoutWanted(given, found, table);
          assert.equal(told(left), '');
          const idle = table.filter(row => row.cases.includes(given.it) && !used.includes(row));
          assert.deepEqual(
            idle.map(({ reason }) => reason),
            [],
            'nothing differs any more',
          );
        });
      }
    });
  }
});

describe('conformance with Ansible, over SSH', function () {
  this.timeout(120_000);
  let farm: Farm;
  before(async () => {
    farm = await startFarm({ hosts: 5 });
  });
  after(async () => await farm?.stop());

  for (const given of all.filter(({ local, system }) => !local && !system)) {
    it(given.it, async () => {
      const connection = (host: string) => {
        const { address, port } = farm.hosts[Number(host.slice(1)) - 1]!;
        return `ansible_host=${address} ansible_port=${port} ansible_user=${farm.user} ansible_ssh_private_key_file=${farm.key} ansible_ssh_known_hosts_file=${farm.knownHosts}`;
      };
      const found = differencesOf(expected(given), await runOurs(given, connection));
      assert.equal(told(withoutWanted(given, found, table).left), '');
    });
  }
});

describe('what Ansible is said to do', function () {
  this.timeout(120_000);
  for (const given of chosen(all, 10)) {
    it(`is what it does: ${given.it}`, async function () {
      // Another version may do otherwise; what is stored says which one it was.
      if (ansibleVersion() !== readExpectation(given)?.ansible) this.skip();
      assert.equal(told(differencesOf(expected(given), await runAnsible(given))).replaceAll('here', 'now'), '');
    });
  }
});
