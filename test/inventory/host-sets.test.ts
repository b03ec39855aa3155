import assert from 'node:assert/strict';
import { assemble } from '../../src/inventory/assemble.ts';
import { type HostSets, setNamesIn } from '../../src/inventory/host-sets.ts';
import { emptyDraft } from '../../src/inventory/inventory.ts';
import { matchHosts } from '../../src/inventory/patterns.ts';
import { readYamlInventory } from '../../src/inventory/read-yaml.ts';
import { collectProblems } from '../../src/language/problems.ts';
import { parseYaml } from '../../src/language/yaml.ts';

const draft = emptyDraft();
const text = 'web: {hosts: {"web[1:4]": }}\nold: {hosts: {web2: }}\nsix: {hosts: {"2001:db8::7": , "fe80::1": }}\n';
readYamlInventory(parseYaml(text, 'hosts.yml'), draft, collectProblems());
const inventory = assemble(draft);

const sets: HostSets = new Map([
  ['last:failed', { hosts: ['web3', 'web2', 'gone'] }],
  ['k7f2a:pending=guest-restart', { hosts: ['web1', 'fe80::1'] }],
  ['hosts.txt', { patterns: 'web1\nold\nfe80::1' }],
  ['-', { patterns: 'web:!web1' }],
]);

describe('a pattern with host sets', () => {
  for (const [pattern, hosts] of [
    ['@last:failed', 'web2 web3'],
    ['@last:failed:!old', 'web3'],
    ['@last:failed,!old', 'web3'],
    ['@last:failed, web4', 'web2 web3 web4'],
    ['web:&@last:failed', 'web2 web3'],
    ['web:!@last:failed', 'web1 web4'],
    ['!@last:failed', 'web1 web4 2001:db8::7 fe80::1'],
    ['&@k7f2a:pending=guest-restart', 'web1 fe80::1'],
    ['@last:failed:@k7f2a:pending=guest-restart', 'web1 web2 web3 fe80::1'],
    ['@last:failed:&@k7f2a:pending=guest-restart', ''],
    ['2001:db8::7,@last:failed', 'web2 web3 2001:db8::7'],
    ['@last:failed:fe80::1', 'web2 web3 fe80::1'],
    ['@k7f2a:pending=guest-restart:!fe80::1', 'web1'],
    ['@hosts.txt', 'web1 web2 fe80::1'],
    ['@hosts.txt:!web1', 'web2 fe80::1'],
    ['web:&@-', 'web2 web3 web4'],
    ['web1\n@last:failed', 'web1 web2 web3'],
  ] as const) {
    it(`${JSON.stringify(pattern)} names ${hosts || 'nothing'}`, () =>
      assert.equal(matchHosts(inventory, pattern, { sets }).join(' '), hosts));
  }

  it('is an error where a set was not read', () => {
    assert.throws(() => matchHosts(inventory, '@other', { sets }), /No host or group is named "@other"/);
  });
});

describe('the names of host sets in a pattern', () => {
  for (const [pattern, names] of [
    ['web', []],
    ['@last:failed', ['last:failed']],
    ['!@last:failed:&@k7f2a:pending=guest-restart,@-', ['last:failed', 'k7f2a:pending=guest-restart', '-']],
    ['@lists/hosts.txt, web', ['lists/hosts.txt']],
    ['user@host', []],
    ['~@last', []],
    ['web\n@last:ok', ['last:ok']],
  ] as const) {
    it(`are ${names.join(' and ') || 'none'} in ${JSON.stringify(pattern)}`, () =>
      assert.deepEqual(setNamesIn(pattern), names));
  }
});
