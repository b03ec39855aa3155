import assert from 'node:assert/strict';
import { assemble } from '../../src/inventory/assemble.ts';
import type { Inventory } from '../../src/inventory/inventory.ts';
import { emptyDraft } from '../../src/inventory/inventory.ts';
import { matchHosts } from '../../src/inventory/patterns.ts';
import { readYamlInventory } from '../../src/inventory/read-yaml.ts';
import { collectProblems } from '../../src/language/problems.ts';
import { parseYaml } from '../../src/language/yaml.ts';

function inventoryOf(text: string): Inventory {
  const draft = emptyDraft();
  readYamlInventory(parseYaml(text, 'hosts.yml'), draft, collectProblems());
  return assemble(draft);
}

const inventory = inventoryOf(`
web: {hosts: {"web[1:4]": }}
prod: {hosts: {web1: , web2: , db1: }}
old: {hosts: {web2: }}
empty:
six: {hosts: {"2001:db8::7": , "fe80::1": }}
`);

const rows: readonly (readonly [string, string])[] = [
  ['all', 'web1 web2 web3 web4 db1 2001:db8::7 fe80::1'],
  ['*', 'web1 web2 web3 web4 db1 2001:db8::7 fe80::1'],
  ['al?', 'web1 web2 web3 web4 db1 2001:db8::7 fe80::1'],
  ['web', 'web1 web2 web3 web4'],
  ['web*', 'web1 web2 web3 web4'],
  ['web?:!web3', 'web1 web2 web4'],
  ['db1,web1', 'web1 db1'],
  ['web1, web2', 'web1 web2'],
  ['web:&prod', 'web1 web2'],
  ['web:&prod:!old', 'web1'],
  ['!old:web:&prod', 'web1'],
  ['&prod:!db1', 'web1 web2'],
  ['~^(web[12]|db)', 'web1 web2 db1'],
  ['~web[1,2]', 'web1 web2'],
  ['web[0]', 'web1'],
  ['web[-1]', 'web4'],
  ['web[-2:]', 'web3 web4'],
  ['web[1:2]', 'web2 web3'],
  ['web[1-2]', 'web2 web3'],
  ['web[1:]', 'web2 web3 web4'],
  ['web[1:2]:!old', 'web3'],
  ['web[7]', ''],
  ['empty', ''],
  ['web:!empty', 'web1 web2 web3 web4'],
  ['web:!nothing*', 'web1 web2 web3 web4'],
  ['web1:!web1', ''],
  ['2001:db8::7', '2001:db8::7'],
  ['fe80::1', 'fe80::1'],
  ['fe80::1,web1', 'web1 fe80::1'],
  ['six:!fe80::1', '2001:db8::7'],
  ['localhost', 'localhost'],
  ['web1,localhost', 'web1 localhost'],
];

describe('a pattern', () => {
  for (const [pattern, hosts] of rows) {
    it(`${pattern} names ${hosts || 'nothing'}`, () => assert.equal(matchHosts(inventory, pattern).join(' '), hosts));
  }

  it('is an error where a part names what is not there, also where it would leave it out', () => {
    for (const pattern of ['wbe', 'web:&prd', 'web:!odl', 'web,nothing*', '~^nothing$']) {
      assert.throws(() => matchHosts(inventory, pattern), { code: 'pattern.nothing' }, pattern);
    }
    assert.throws(() => matchHosts(inventory, 'web:!odl'), { hint: 'Did you mean "old"?' });
    assert.throws(() => matchHosts(inventory, '~we(b'), { code: 'pattern.regex' });
  });
});
