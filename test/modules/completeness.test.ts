import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { outcome, readTables } from './tables.ts';

interface Seen {
  readonly title: string;
  readonly named: Readonly<Record<string, unknown>>;
  readonly actual: Readonly<Record<string, unknown>>;
}

/** What one row may leave out, but not all rows of a module that has it. */
const parts = [
  'guard',
  'hazards',
  'guarded',
  'rehearse',
  'undo',
  'puts',
  'sends',
  'fetches',
  'creates',
  'alters',
  'removes',
  'replaces',
  'verify',
];

/** Tests that run the probe of a module on real files or devices, where no row names its text. */
const ranBy: Readonly<Record<string, string>> = {
  authorized_key: 'test/sandbox/ssh.test.ts',
  blockinfile: 'test/modules/lineinfile.test.ts',
  copy: 'test/modules/copy.test.ts',
  filesystem: 'test/lvm/filesystem.test.ts',
  get_url: 'test/modules/get_url.test.ts',
  git: 'test/modules/git.test.ts',
  ini_file: 'test/modules/ini_file.test.ts',
  lineinfile: 'test/modules/lineinfile.test.ts',
  lvm_vg: 'test/lvm/volume-group.test.ts',
  parted: 'test/lvm/parted.test.ts',
  qemu_image: 'test/modules/qemu_image.test.ts',
  replace: 'test/modules/replace.test.ts',
  template: 'test/modules/copy.test.ts',
  unarchive: 'test/modules/unarchive.test.ts',
  xml: 'test/modules/xml.test.ts',
};

/** What they apply are long programs, and test/sandbox/image-distribution.test.ts runs them. */
const programs: readonly string[] = ['image_fetch', 'image_manifest', 'image_peer'];

/** The rows of every module, with what comes of them. */
const rowsOf = Map.groupBy(
  readTables().flatMap(({ module, rows }) =>
    rows.map(row => ({ name: module.name, title: row.it, named: row.expect, actual: outcome(module, row) })),
  ),
  ({ name }) => name,
);

describe('the rows of every module', () => {
  for (const [name, rows] of rowsOf) {
    it(`${name}: name each part of a change`, () => {
      assert.deepEqual(unnamed(rows.map(row => ({ ...row, actual: partsOf(row.actual) }))), {});
    });

    if (!programs.includes(name)) {
      it(`${name}: name each order that the sections of a guard or an apply have`, () => {
        assert.deepEqual(unnamed(rows.map(withOrders)), {});
      });
    }

    it(`${name}: name each limit that a script has of its own`, () => {
      const limits = rows.map(({ actual, named, title }) => ({
        title,
        actual: mapOf(actual.limits),
        named: mapOf(named.limits),
      }));
      assert.deepEqual(unnamed(limits), {});
    });

    it(`${name}: tell of each file that they keep`, () => {
      const wrong = rows.filter(({ actual }) => keptBy(actual).join() !== toldBy(actual).join());
      assert.deepEqual(
        wrong.map(({ title }) => title),
        [],
      );
    });

    it(`${name}: say why where they cannot tell`, () => {
      const silent = rows.filter(({ named }) => named.kind === 'cannot-tell' && named.message === undefined);
      assert.deepEqual(
        silent.map(({ title }) => title),
        [],
      );
    });

    it(`${name}: name its whole probe, unless a test runs it`, () => {
      const whole = rows.some(({ actual, named }) => sameSections(actual.probe, named.probe));
      const test = ranBy[name];
      assert.notEqual(whole, test !== undefined);
      if (test !== undefined)
        assert.match(readFileSync(test, 'utf8'), new RegExp(`/src/modules/${name}/${name}\\.ts'`));
    });
  }
});

/** The names under which an apply keeps files. */
function keptBy({ apply }: Seen['actual']): readonly string[] {
  const texts = Object.values(mapOf(apply)).join('\n');
  return [...texts.matchAll(/^hw_keep (\S+)/gm)].map(([, name = '']) => name);
}

/** The names of kept files that a change tells of. */
function toldBy({ replaces }: Seen['actual']): readonly string[] {
  const all = Array.isArray(replaces) ? replaces : [];
  return all.flatMap(one => mapOf(one).kept ?? []).map(String);
}

/** Whether all sections are named. What they say is compared row by row. */
function sameSections(actual: unknown, named: unknown): boolean {
  return named !== undefined && Object.keys(mapOf(actual)).join() === Object.keys(mapOf(named)).join();
}

/** The keys that some row has and no row names, each with a row that could name it. */
function unnamed(rows: readonly Seen[]): Record<string, string> {
  const named = new Set(rows.flatMap(row => Object.keys(row.named).filter(key => key in row.actual)));
  const having = rows.flatMap(({ actual, title }) =>
    Object.keys(actual).map(key => [key, `could be named by: ${title}`]),
  );
  return Object.fromEntries(having.toReversed().filter(([key]) => !named.has(key!)));
}

/** What is there of {@link parts}, but for what the engine does anyway. */
function partsOf(actual: Seen['actual']): Seen['actual'] {
  const found = parts.map(part => [part, actual[part]]);
  return Object.fromEntries(
    found.filter(([, value]) => !['', '[]', '{}', '"decide"'].includes(JSON.stringify(value) ?? '')),
  );
}

/** Has the lists of sections of its scripts, and those that the row names. */
function withOrders({ actual, named, title }: Seen): Seen {
  const orders = (parts: readonly string[]) =>
    Object.fromEntries(parts.map(part => [`${part}: ${Object.keys(mapOf(actual[part])).join(', ')}`, true]));
  const there = ['guard', 'apply'].filter(part => actual[part] !== undefined);
  return { title, actual: orders(there), named: orders(there.filter(part => part in named)) };
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
