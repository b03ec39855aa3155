import assert from 'node:assert/strict';
import { chosen, share } from '../share.ts';
import { type Farm, startFarm } from '../sshd/farm.ts';
import { type Case, readCases } from './case.ts';
import { differencesOf, told } from './compare.ts';
import { outcomesOf } from './expectation.ts';
import { knownDifferences } from './known-differences.ts';
import { runOurs } from './ours.ts';

const cases = readCases().flatMap(file => file.cases);

describe('conformance with Ansible, over SSH', function () {
  this.timeout(60_000);
  let farm: Farm;
  before(async () => {
    farm = await startFarm({ hosts: 5, ownRun: true });
  });
  after(async () => await farm?.stop());

  const able = cases.filter(({ local, system }) => !local && !system);
  function isConformant(given: Case, kind: 'ssh' | 'openssh'): void {
    it(given.it, async () => {
      const connection = (host: string) => {
        const { address, port } = farm.hosts[given.hosts?.indexOf(host) ?? 0]!;
        const variables = {
          ansible_connection: kind,
          ansible_host: address,
          ansible_port: port,
          ansible_user: farm.user,
          ansible_ssh_private_key_file: farm.key,
          ansible_ssh_known_hosts_file: farm.knownHosts,
        };
        const words = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
        return words.join(' ');
      };
      const found = differencesOf(outcomesOf(given), await runOurs(given, connection));
      assert.equal(told(found), told(knownDifferences(given)));
    });
  }

  const name = ({ it }: Case) => it;
  describe('by its own SSH', () => {
    for (const given of share(able, 40, name)) isConformant(given, 'ssh');
  });
  describe('through the program ssh', () => {
    for (const given of chosen(able, 6, name)) isConformant(given, 'openssh');
  });
});
