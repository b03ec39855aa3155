import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import * as system from 'node:os';
import { basename, join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { factGroups } from '../../src/facts/index.ts';
import { CannotTell } from '../../src/shell/answer.ts';
import { output } from '../../src/shell/script.ts';
import { run, shells } from '../modules/converge.ts';

/**
 * A row of a table: the answers of the probe, a text for code 0, and the value or the message that
 * comes of them.
 */
interface Case {
  readonly it: string;
  readonly answer: Record<string, string | { code?: number; stdout?: string; stderr?: string }>;
  readonly value?: object | null;
  readonly cannotTell?: string;
}

const ajv = new Ajv({ strict: false });
const folder = join(import.meta.dirname, 'cases');

for (const file of readdirSync(folder)) {
  describe(`facts ${basename(file, '.yml')}`, () => {
    const group = factGroups.find(one => one.name === basename(file, '.yml'))!;
    for (const row of parse(readFileSync(join(folder, file), 'utf8'), { merge: true }) as Case[]) {
      it(row.it, () => {
        const answers = Object.entries(row.answer).map(([section, given]) => {
          const { code = 0, stdout = '', stderr = '' } = typeof given === 'string' ? { stdout: given } : given;
          return [section, output(code, stdout, stderr)];
        });
        const read = () => group.read(Object.fromEntries(answers));
        if (row.cannotTell !== undefined) {
          assert.throws(read, error => error instanceof CannotTell && error.message.includes(row.cannotTell!));
          return;
        }
        const value = read();
        assert.deepEqual(value, row.value);
        if (value !== null) assert.ok(ajv.validate(group.schema, value), ajv.errorsText());
      });
    }
  });
}

describe('facts of this machine', () => {
  for (const shell of shells) {
    for (const group of factGroups) {
      it(`${group.name} (${shell.join(' ')})`, function () {
        // Others may not ask libvirt or LVM: what is said then has its own table.
        if (['libvirt', 'lvm'].includes(group.name) && process.getuid?.() !== 0) this.skip();
        const value = group.read(run({ shell }, group.probe)) as never;
        if (value !== null) assert.ok(ajv.validate(group.schema, value), ajv.errorsText());
        prove[group.name]?.(value);
      });
    }
  }
});

interface NetworkFacts {
  readonly hostname: string;
  readonly addresses: readonly { readonly address: string }[];
  readonly interfaces: readonly { readonly name: string; readonly mac: string }[];
}

/** What Node says about the same. */
const prove: Readonly<Record<string, (value: never) => void>> = {
  cpu: ({ count, nodes, logical }: { count: { online: number }; nodes: { cpus: number[] }[]; logical: object[] }) => {
    assert.equal(count.online, system.cpus().length);
    assert.equal(nodes.flatMap(node => node.cpus).length, logical.length);
  },
  kernel: ({ release }: { release: string }) => assert.equal(release, system.release()),
  memory: ({ total }: { total: number }) => assert.equal(total, system.totalmem()),
  network: ({ hostname, addresses, interfaces }: NetworkFacts) => {
    assert.equal(hostname, system.hostname());
    const known = Object.values(system.networkInterfaces()).flatMap(list => list ?? []);
    for (const { address } of addresses) assert.ok(known.some(one => one.address === address));
    const named = interfaces.filter(({ name }) => name in system.networkInterfaces());
    assert.ok(named.length > 0);
    for (const { name, mac } of named)
      assert.ok(
        system.networkInterfaces()[name]?.every(one => one.mac === mac),
        `${name} ${mac}`,
      );
  },
  user: ({ name, uid, home }: { name: string; uid: number; home: string }) => {
    const { username, uid: number } = system.userInfo();
    assert.deepEqual({ name, uid, home }, { name: username, uid: number, home: process.env.HOME ?? '' });
  },
  env: ({ PATH: path }: { PATH: string }) => assert.ok(path.endsWith(process.env.PATH ?? '?'), path),
};
