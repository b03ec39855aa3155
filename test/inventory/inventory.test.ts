import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { withHost, withMember } from '../../src/inventory/change.ts';
import type { Inventory } from '../../src/inventory/inventory.ts';
import { expandRange } from '../../src/inventory/ranges.ts';
import { soundInventory, surveyInventory } from '../../src/inventory/read-inventory.ts';
import { strayFiles } from '../../src/inventory/stray-files.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hw-inv-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function read(
  files: Readonly<Record<string, string>>,
  sources = Object.keys(files).slice(0, 1),
  nextToIt: readonly string[] = [],
): Inventory {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
  }
  const place = (name: string) => (name.includes(',') ? name : join(folder, name));
  return soundInventory(surveyInventory(sources.map(place), nextToIt.map(place)));
}

function valuesOf(inventory: Inventory, host: string): Record<string, unknown> {
  return Object.assign({}, ...inventory.hosts.get(host)!.variables.map(({ values }) => values));
}

describe('ranges', () => {
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['hv1', ['hv1']],
    ['hv[1:3]', ['hv1', 'hv2', 'hv3']],
    ['hv[01:03].lab', ['hv01.lab', 'hv02.lab', 'hv03.lab']],
    ['hv[098:101]', ['hv098', 'hv099', 'hv100', 'hv101']],
    ['db-[a:c]', ['db-a', 'db-b', 'db-c']],
    ['db-[a:f:2]', ['db-a', 'db-c', 'db-e']],
    ['h[0:10:5]', ['h0', 'h5', 'h10']],
    ['h[0:10:3]', ['h0', 'h3', 'h6', 'h9']],
    ['h[7:7]', ['h7']],
    ['r[1:2]n[1:2]', ['r1n1', 'r1n2', 'r2n1', 'r2n2']],
    ['h[3:1]', []],
  ];
  for (const [text, expected] of rows) it(text, () => assert.deepEqual(expandRange(text), expected));
});

describe('an inventory in YAML', () => {
  it('has groups in groups, variables of both, ranges and hosts in order', () => {
    const inventory = read({
      'hosts.yml': `
kvm:
  children:
    rack1: {hosts: {"hv[1:2]": {rack: 1}}}
    rack2: {hosts: {hv9: }, vars: {rack: 2}}
  vars: {rack: 0, zone: x}
`,
    });
    assert.deepEqual([...inventory.hosts.keys()], ['hv1', 'hv2', 'hv9']);
    assert.deepEqual(inventory.hosts.get('hv1')!.groups, ['kvm', 'rack1']);
    assert.deepEqual(valuesOf(inventory, 'hv1'), { rack: 1, zone: 'x' });
    assert.deepEqual(valuesOf(inventory, 'hv9'), { rack: 2, zone: 'x' });
  });

  it('may be empty, or JSON', () => {
    assert.equal(read({ 'hosts.yml': '' }).hosts.size, 0);
    assert.deepEqual([...read({ 'hosts.json': '{"kvm": {"hosts": {"hv1": {"a": 1}}}}' }).hosts.keys()], ['hv1']);
  });
});

describe('an inventory in INI', () => {
  const inventory = () =>
    read({
      hosts: `# a comment
lone ansible_host=10.0.0.1   ; another

[kvm]
hv[1:2] ansible_port=2222 note="two words" on=true welcome="to {{ color }}"   # the fleet
"hv3"

[kvm:vars]
ntp = pool.ntp.org
url=http://x/#fragment
size=007
text='quoted # text'
count="42"
truth='true'
greeting=hello {{ color }}

[all:vars]
color=red

[racks:children]
kvm
`,
    });

  it('has no host without a name', () => {
    assert.throws(() => read({ hosts: 'h1\n"" x=1\n' }), /hosts:2:1: a host needs a name/);
  });

  it('has hosts, ranges, groups of groups, and variables of all of them', () => {
    assert.deepEqual([...inventory().hosts.keys()], ['lone', 'hv1', 'hv2', 'hv3']);
    assert.deepEqual(inventory().hosts.get('hv1')!.groups, ['racks', 'kvm']);
    assert.deepEqual(inventory().hosts.get('lone')!.groups, ['ungrouped']);
  });

  it('reads numbers and truth, and leaves all else as text', () => {
    const { ansible_port, note, on, ntp, size, color } = valuesOf(inventory(), 'hv1');
    assert.deepEqual(
      [ansible_port, note, on, ntp, size, color],
      [2222, 'two words', true, 'pool.ntp.org', '007', 'red'],
    );
  });

  it('leaves what is quoted in a group as text, and what is a template for later', () => {
    const read = inventory();
    const { count, truth, greeting, welcome } = valuesOf(read, 'hv1');
    assert.deepEqual([count, truth], ['42', 'true']);
    assert.deepEqual([greeting, welcome], ['hello {{ color }}', 'to {{ color }}']);
    const literal = read.hosts.get('hv1')!.variables.filter(layer => layer.literal);
    assert.deepEqual(literal, [], 'its templates would never be filled in');
  });

  it('takes # for a comment only after a blank and outside quotes', () => {
    const { url, text } = valuesOf(inventory(), 'hv1');
    assert.deepEqual([url, text], ['http://x/#fragment', 'quoted # text']);
  });
});

describe('other sources', () => {
  it('are lists with commas, folders, and programs whose values are data', () => {
    assert.deepEqual([...read({}, ['hv1,hv[2:3],']).hosts.keys()], ['hv1', 'hv2', 'hv3']);
    const inventory = read(
      {
        'inv/1-static.yml': 'kvm: {hosts: {hv1: {a: "{{ b }}"}}}',
        'inv/2-cloud.sh': `#!/bin/sh\necho '{"cloud": {"hosts": ["c1"], "vars": {"v": 1}, "children": ["sub"]}, "sub": ["c2"], "_meta": {"hostvars": {"c1": {"a": "{{ b }}"}}}}'\n`,
        'inv/README.md': 'not an inventory',
        'inv/group_vars/cloud.yml': 'v: 2\nw: 3\n',
      },
      ['inv'],
    );
    assert.deepEqual([...inventory.hosts.keys()], ['hv1', 'c1', 'c2']);
    const literal = (host: string) => inventory.hosts.get(host)!.variables.find(({ values }) => 'a' in values)!.literal;
    assert.deepEqual([literal('hv1'), literal('c1')], [false, true]);
    assert.deepEqual(inventory.hosts.get('c2')!.groups, ['cloud', 'sub']);
    assert.deepEqual(valuesOf(inventory, 'c2'), { v: 2, w: 3 });
  });

  it('add up, the later ones stronger', () => {
    const inventory = read({ 'a.yml': 'kvm: {hosts: {hv1: {x: 1, y: 1}}}', 'b.yml': 'kvm: {hosts: {hv1: {x: 2}}}' }, [
      'a.yml',
      'b.yml',
    ]);
    assert.deepEqual(valuesOf(inventory, 'hv1'), { x: 2, y: 1 });
  });
});

describe('the order of variables', () => {
  it('goes by depth, priority, name, then the host; folders next to the playbook win over the inventory', () => {
    const inventory = read(
      {
        'hosts.yml': `
all: {vars: {v: all, only_all: 1}}
deep: {children: {b_low: {hosts: {hv1: {v: host}}}, a_high: {hosts: {hv1: }, vars: {v: a, p: a, ansible_group_priority: 10}}}, vars: {v: deep, p: deep, d: deep}}
b_low: {vars: {v: b, p: b, n: b}}
c_low: {hosts: {hv1: }, vars: {n: c, d: c}}
`,
        'group_vars/all/1.yml': 'g: 1\nh: 1\n',
        'group_vars/all/2.yml': 'h: 2\n',
        'group_vars/deep': 'd: deep folder\n',
        'host_vars/hv1.yml': 'v: host folder\n',
        'playbooks/group_vars/b_low.yml': 'p: playbook\n',
        'playbooks/host_vars/hv1.yaml': 'w: playbook\n',
      },
      ['hosts.yml'],
      ['playbooks'],
    );
    assert.deepEqual(inventory.hosts.get('hv1')!.groups, ['c_low', 'deep', 'b_low', 'a_high']);
    const { v, p, n, d, g, h, w, only_all } = valuesOf(inventory, 'hv1');
    assert.deepEqual(
      { v, p, n, d, g, h, w, only_all },
      { v: 'host folder', p: 'playbook', n: 'b', d: 'deep folder', g: 1, h: 2, w: 'playbook', only_all: 1 },
    );
  });

  it('finds groups that contain each other', () => {
    assert.throws(() => read({ 'h.yml': 'a: {children: {b: }}\nb: {children: {c: }}\nc: {children: {a: }}\n' }), {
      code: 'inventory.cycle',
    });
  });
});

describe('hosts with a port', () => {
  const rows: readonly (readonly [string, string, unknown])[] = [
    ['10.0.0.5:2222', '10.0.0.5', 2222],
    ['[2001:db8::5]:2200', '2001:db8::5', 2200],
    ['2001:db8::5', '2001:db8::5', undefined],
    ['hv[1:2]:22', 'hv1', 22],
    ['hv1', 'hv1', undefined],
  ];
  for (const [word, name, port] of rows) {
    it(`${word}, in a list, in INI and in YAML`, () => {
      const forms = [
        read({}, [`${word},`]),
        read({ hosts: `${word}\n` }),
        read({ 'h.yml': `kvm: {hosts: {"${word}": }}` }),
      ];
      for (const inventory of forms) {
        assert.equal([...inventory.hosts.keys()][0], name);
        assert.equal(valuesOf(inventory, name).ansible_port, port);
      }
    });
  }

  it('may have another one in a variable', () => {
    assert.equal(valuesOf(read({ hosts: 'hv1:22 ansible_port=23\n' }), 'hv1').ansible_port, 23);
  });
});

describe('a folder of inventories', () => {
  it('has folders in it, and what editors and package managers leave is not read', () => {
    const left = [
      'a~',
      'a.yml~',
      'ansible.cfg',
      'README.rst',
      '.a.swp',
      'a.swp',
      'a.pyc',
      'a.rpmsave',
      'a.dpkg-old',
      'a.yml.orig',
    ];
    const files = Object.fromEntries(left.map(name => [`inv/${name}`, 'gone\n']));
    const inventory = read({ 'inv/a': 'hv1\n', 'inv/more/b.ini': 'hv2\n', ...files }, ['inv']);
    assert.deepEqual([...inventory.hosts.keys()], ['hv1', 'hv2']);
  });

  it('is refused where two files have the variables of one name', () => {
    const files = { hosts: 'hv1\n', 'host_vars/hv1/main.yml': 'a: 1\n', 'host_vars/hv1.yml': 'a: 2\n' };
    assert.throws(() => read(files), /hv1\.yml:1:1: \S*host_vars\/hv1 has variables of "hv1", too/);
  });
});

describe('an inventory in numbers', () => {
  it('has no more hosts in a range than a run can have', () => {
    assert.throws(() => expandRange('h[1:999999999]'), { code: 'inventory.range', message: /has 999999999 hosts/ });
  });
});

describe('hosts that come up in a run', () => {
  it('have the variables of their files, and are ungrouped as long as they have no group', () => {
    const inventory = read({ hosts: 'hv1\n', 'host_vars/new.lab.yml': 'a: 1\n', 'group_vars/fresh.yml': 'b: 2\n' });
    const added = withHost(inventory, { name: 'new.lab', groups: [], variables: { a: 0, c: 3 } });
    assert.deepEqual(added.hosts.get('new.lab')!.groups, ['ungrouped']);
    assert.deepEqual(valuesOf(added, 'new.lab'), { a: 1, c: 3 });
    const grouped = withMember(added, 'new.lab', 'fresh', []);
    assert.deepEqual(grouped.hosts.get('new.lab')!.groups, ['fresh']);
    assert.deepEqual(valuesOf(grouped, 'new.lab'), { a: 1, b: 2, c: 3 });
    assert.deepEqual(grouped.groups.get('ungrouped')!.hosts, ['hv1']);
  });
});

describe('a program that is named without a folder', () => {
  it('is the one in the working folder', () => {
    const list = `#!/bin/sh\necho '{"kvm": ["hv1"]}'\n`;
    read({ 'hw-list': list, hosts: '' });
    const before = process.cwd();
    process.chdir(folder);
    try {
      assert.deepEqual([...surveyInventory(['hw-list']).inventory.hosts.keys()], ['hv1']);
    } finally {
      process.chdir(before);
    }
  });
});

describe('files of variables that belong to nothing', () => {
  const hosts = { 'hosts.yml': 'all: {children: {hypervisors: {hosts: {hv1: {}}}}}\n' };
  const variables = (...names: string[]) => Object.fromEntries(names.map(name => [`${name}.yml`, 'a: 1\n']));

  it('are told in a sentence, with the name that is meant', () => {
    const inventory = read({ ...hosts, ...variables('host_vars/hv2', 'group_vars/hypervisor') });
    assert.equal(
      strayFiles(inventory),
      'No host or group of the inventory has the variables of host_vars/hv2, group_vars/hypervisor. ' +
        'Did you mean "hv1"?',
    );
    const many = read({
      ...hosts,
      ...variables(...['a', 'b', 'c', 'd', 'e', 'f'].map(name => `group_vars/zzzz${name}`)),
    });
    assert.match(strayFiles(many) ?? '', / and \d more\. Did you mean "hv1"\?$/);
  });

  it('are not those of what is always there, or of what the run may bring', () => {
    const usual = ['host_vars/hv1', 'host_vars/localhost', 'group_vars/all', 'group_vars/ungrouped'];
    assert.equal(strayFiles(read({ ...hosts, ...variables(...usual) })), undefined);
    const coming = read({ ...hosts, ...variables('host_vars/new-1') });
    assert.equal(
      strayFiles(coming, name => name.startsWith('new-')),
      undefined,
    );
  });
});
