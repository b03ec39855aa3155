import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { outcome, readTables } from './modules/tables.ts';

interface Hazard {
  readonly id: string;
  readonly could: string;
  readonly guards?: readonly string[];
  /** Names of what no script contains. */
  readonly never?: readonly string[];
  /** Titles by file. */
  readonly tests?: Readonly<Record<string, readonly string[]>>;
  readonly 'not here'?: string;
}

const { hazards, never } = parse(readFileSync('test/hazards.yml', 'utf8')) as {
  readonly hazards: readonly Hazard[];
  readonly never: Readonly<Record<string, { readonly pattern: string; readonly because: string }>>;
};

/** The titles of the tests, or of the rows, in a file. */
function titlesIn(file: string): ReadonlySet<string> {
  const text = readFileSync(file, 'utf8');
  if (file.endsWith('.yml')) return new Set((parse(text, { merge: true }) as { it: string }[]).map(row => row.it));
  // Tests by table have their titles as keys.
  const found = text.matchAll(/(?:\bit\(\s*(['"`])(.+?)\1|^ {2}(['"`])(.+?)\3: [{[])/gm);
  return new Set([...found].map(match => match[2] ?? match[4]!));
}

describe('hazards', () => {
  it('are all there, each once', () => {
    assert.deepEqual(
      hazards.map(({ id }) => id),
      Array.from({ length: 40 }, (_, at) => `H${at + 1}`),
    );
  });

  for (const { could, guards = [], id, never: absent = [], tests = {}, ...rest } of hazards) {
    it(`${id} have a guard and a test that tries: ${could}`, () => {
      assert.deepEqual(
        guards.filter(file => !existsSync(file)),
        [],
      );
      const titles = Object.entries(tests).flatMap(([file, all]) => all.map(title => ({ file, title })));
      assert.deepEqual(
        titles.filter(({ file, title }) => !titlesIn(file).has(title)),
        [],
      );
      assert.deepEqual(
        absent.filter(name => !(name in never)),
        [],
      );
      if (rest['not here'] === undefined) assert.ok(guards.length > 0 && titles.length > 0, 'no guard, or no test');
      else assert.ok(titles.length + absent.length > 0, 'nothing shows that it is not here');
    });
  }
});

describe('no script', () => {
  const parts = ['probe', 'rehearse', 'guard', 'apply', 'undo'];
  const tables = readTables().flatMap(({ module, rows }) =>
    rows.flatMap(row => {
      const result = outcome(module, row);
      const texts = parts.flatMap(part => Object.values((result[part] ?? {}) as Record<string, string>));
      return texts.map(text => [`${module.name}: ${row.it}`, text] as const);
    }),
  );
  const roles = globSync('{roles,playbooks}/**/*.yml').map(file => [file, readFileSync(file, 'utf8')] as const);
  // What no row of a table reaches: the lines of the code that make shell text.
  const code = globSync('src/**/*.ts').map(file => {
    const lines = readFileSync(file, 'utf8').split('\n');
    return [file, lines.filter(line => /\bsh`|\braw\(/.test(line)).join('\n')] as const;
  });
  const lines = [...tables, ...roles, ...code].flatMap(([where, text]) =>
    text.split('\n').map(line => ({ where, line: line.trim() })),
  );

  for (const [name, { because, pattern }] of Object.entries(never)) {
    it(`has ${name}: ${because}`, () => {
      const expression = new RegExp(pattern);
      assert.deepEqual(
        lines.filter(({ line }) => expression.test(line)),
        [],
      );
    });
  }

  it('escapes the look: each pattern finds what it is for', () => {
    const bad: Record<keyof typeof never, string> = {
      pvcreate: 'pvcreate /dev/sdb',
      'answered-by-itself': 'vgcreate -y vmpool /dev/sdb',
      'removed-groups': 'vgremove vmpool',
      'removed-volumes': 'lvremove -f vmpool/vm1',
      'smaller-volumes': 'lvreduce -L 1G vmpool/vm1',
      'rehearsed-by-lvm': 'lvcreate --test -L 1G vmpool',
      'volumes-in-use': 'lvchange -an vmpool/vm1',
      'hard-stops': 'virsh -q -c qemu:///system destroy --domain vm1',
      kills: 'kill -9 4711',
      'lost-definitions': 'virsh -q undefine vm1 --nvram',
      'partial-definitions': 'virsh update-device vm1 disk.xml',
      'forced-unmounts': 'umount -l /mnt/images',
    };
    const blind = Object.entries(never).filter(([name, { pattern }]) => !new RegExp(pattern).test(bad[name] ?? ''));
    assert.deepEqual(blind, []);
  });
});
