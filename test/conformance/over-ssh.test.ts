import assert from 'node:assert/strict';
import { share } from '../share.ts';
import { type Farm, startFarm } from '../sshd/farm.ts';
import { readCases } from './case.ts';
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
  for (const given of share(able, 60, ({ it }) => it)) {
    it(given.it, async () => {
      const connection = (host: string) => {
        const { address, port } = farm.hosts[given.hosts?.indexOf(host) ?? 0]!;
        return `ansible_host=${address} ansible_port=${port} ansible_user=${farm.user} ansible_ssh_private_key_file=${farm.key} ansible_ssh_known_hosts_file=${farm.knownHosts}`;
      };
      const found = differencesOf(outcomesOf(given), await runOurs(given, connection));
      assert.equal(told(found), told(knownDifferences(given)));
    });
  }
});
