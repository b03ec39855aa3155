import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { factGroups } from '../../src/facts/index.ts';
import { schemaFault } from '../../src/language/schema-fault.ts';
import { modules } from '../../src/modules/index.ts';
import { checkArguments } from './arguments.ts';

/** Those that only read, and shell, whose changes are those of command. */
const changesNothing = new Set([
  'cpu_isolation',
  'find',
  'host_tuning',
  'libvirt_cpu_plan',
  'libvirt_disk_io',
  'libvirt_guests',
  'libvirt_memory_budget',
  'shell',
  'slurp',
  'stat',
  'virt_host_validate',
]);

describe('every module', () => {
  it('is in the list once, in order', () => {
    const names = modules.map(module => module.name);
    assert.deepEqual(names, [...new Set(names)].toSorted());
  });

  for (const module of modules) {
    it(`${module.name} describes all its arguments and results, and has a table`, () => {
      assert.equal(module.args.additionalProperties, false);
      assert.equal(schemaFault(module.args), undefined);
      for (const [name, schema] of [
        ...Object.entries(module.args.properties),
        ...Object.entries(module.returns.properties),
      ]) {
        assert.match((schema as { description?: string }).description ?? '', /^\S.{3}/, name);
      }
      assert.match(module.summary, /^[A-Z0-9].*[.]$/);
      assert.ok(existsSync(join(import.meta.dirname, 'cases', module.name)), 'no table of cases');
      assert.ok(module.freeForm === undefined || module.freeForm in module.args.properties);
    });

    it(`${module.name} shows what it changes: its table asserts a diff`, () => {
      const folder = join(import.meta.dirname, 'cases', module.name);
      const rows = readdirSync(folder).flatMap(
        file =>
          parse(readFileSync(join(folder, file), 'utf8'), { merge: true }) as { expect: Record<string, unknown> }[],
      );
      const asserted = rows.some(({ expect }) => Array.isArray(expect.diff) && expect.diff.length > 0);
      assert.equal(asserted, !changesNothing.has(module.name));
    });

    it(`${module.name} has examples that are valid`, () => {
      assert.ok(module.examples.length > 0);
      for (const example of module.examples) {
        // `if: pending` is the engine's own argument.
        const [task] = [parse(example)].flat() as [Record<string, { if?: string }>];
        if (module.settles) delete task[module.name]!.if;
        assert.deepEqual(checkArguments(module, task[module.name]!).problems, []);
      }
    });
  }
});

describe('every group of facts', () => {
  it('is in the list once, in order', () => {
    const names = factGroups.map(group => group.name);
    assert.deepEqual(names, [...new Set(names)].toSorted());
  });

  for (const group of factGroups) {
    it(`${group.name} has a table`, () => {
      assert.ok(existsSync(join(import.meta.dirname, '../facts/cases', `${group.name}.yml`)));
      assert.match(group.summary, /^\S.*[.]$/);
    });
  }
});
