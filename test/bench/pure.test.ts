import assert from 'node:assert/strict';
import { pageWith, type Section } from './page.ts';
import type { Part } from './part.ts';
import { readArguments } from './read-arguments.ts';
import { readRecap } from './recap.ts';
import { bytesOf, sizeText } from './sizes.ts';
import { digits, median, ratio, spread } from './statistics.ts';
import { markdown } from './table.ts';
import { met, type Target, targetTable } from './targets.ts';

describe('the statistics of the bench', () => {
  it('take the middle, whatever the order', () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([4, 1, 3, 2]), 2.5);
    assert.equal(median([7]), 7);
    assert.throws(() => median([]), /nothing/);
  });

  it('compare medians, and show how far apart the values were', () => {
    assert.equal(ratio([10, 20, 90], [5, 10, 11]), 2);
    assert.equal(spread([0.5, 0.25, 1.5]), '0.500 s (0.250 to 1.50)');
    assert.equal(spread([63.21]), '63.2 s (once)');
    assert.deepEqual([1234.5, 99.96, 9.994, 0.0123, 0].map(digits), ['1235', '100.0', '9.99', '0.012', '0.000']);
  });
});

describe('the tables of the bench', () => {
  it('line up, with figures on the right and bars kept apart', () => {
    const text = markdown({ title: '', head: ['who', 's'], rows: [['a|b', '1'], ['longer name', '12.25'], ['short']] });
    assert.deepEqual(text.split('\n'), [
      '| who         |     s |',
      '| ----------- | ----: |',
      '| a\\|b        |     1 |',
      '| longer name | 12.25 |',
      '| short       |       |',
      '',
    ]);
  });
});

describe('the targets of the bench', () => {
  const target = (bound: Target['bound'], value: number, limit: number): Target => ({
    ...{ what: 'it', unit: 's', bound, value, limit },
  });

  it('are met up to the limit itself, by the figure that is printed', () => {
    assert.deepEqual(
      [0.9, 1, 1.004, 1.006].map(value => met(target('at most', value, 1))),
      [true, true, true, false],
    );
    assert.deepEqual(
      [79.96, 79.9, 81].map(value => met(target('at least', value, 80))),
      [true, false, true],
    );
  });

  it('are next to what was measured', () => {
    assert.deepEqual(targetTable([target('at most', 0.2, 0.15)]).rows, [
      ['it', 'at most 0.15 s', '0.200 s', 'not met'],
    ]);
    const [failed] = targetTable([target('at most', Number.POSITIVE_INFINITY, 1)]).rows;
    assert.deepEqual(failed, ['it', 'at most 1 s', 'failed', 'not met']);
  });
});

describe('the page of the bench', () => {
  const machine = { processors: '2 × x', memory: '4 GiB', kernel: 'Linux 6', versions: { Node: '24' }, load: 0 };
  const section = (name: string, note: string): Section => ({
    part: { name, title: `All of ${name}` },
    ...{
      date: '2026-01-01',
      machine,
      repeats: 3,
      findings: { measurements: [], tables: [], targets: [], notes: [note] },
    },
  });

  it('keeps the sections of parts that were not measured again, in order', () => {
    const order = ['one', 'two', 'three'];
    const first = pageWith('', [section('three', 'old'), section('one', 'old')], order);
    const second = pageWith(first, [section('two', 'new'), section('three', 'new')], order);
    assert.deepEqual(second.match(/^## \w+|^- \w+/gm), ['## one', '- old', '## two', '- new', '## three', '- new']);
    assert.equal(pageWith(second, [], order), second);
    assert.match(second.replace(/\s+/g, ' '), /2 × x, 4 GiB, Linux 6; Node 24; load 0 before it began/);
  });
});

describe('what the bench reads', () => {
  it('is the recap of each host, of Ansible and of ours', () => {
    const ansible = 'h1                  : ok=3    changed=1    unreachable=0    failed=0    skipped=0';
    const ours = 'h2 : ok=2  changed=2  unreachable=1  failed=0';
    assert.deepEqual(readRecap(`TASK [x: ok=7]\n${ansible}\n${ours}\n`), { hosts: 2, ok: 5, changed: 3, failed: 1 });
  });

  it('is its command line, or says what is wrong with it', () => {
    const parts = ['farm-20', 'farm-100', 'fleet'].map(name => ({ name }) as Part);
    const names = (...words: string[]) => readArguments(words, parts).chosen.map(({ name }) => name);
    assert.deepEqual(
      [names('farm'), names('fleet'), names('farm-20', 'fleet')],
      [['farm-20', 'farm-100'], ['fleet'], ['farm-20', 'fleet']],
    );
    assert.equal(names().length, 3);
    assert.equal(readArguments(['--quick'], parts).wishes.repeats, 1);
    assert.equal(readArguments(['--repeats', '7', '--size', '8M'], parts).wishes.image.bytes, 2 ** 23);
    const wrong = [['garden'], ['--peers', 'script,me'], ['--repeats', '0'], ['--size', '1T'], ['--fast']];
    assert.deepEqual(
      wrong.map(words => /garden|"me"|--repeats|"1T"|--fast/.exec(readArguments(words, parts).problem ?? '')?.[0]),
      ['garden', '"me"', '--repeats', '"1T"', '--fast'],
    );
  });

  it('is a size', () => {
    assert.deepEqual(['0', '12', '3K', '2G'].map(bytesOf), [0, 12, 3072, 2 ** 31]);
    assert.deepEqual([2 ** 30, 1536, 7].map(sizeText), ['1 GiB', '1536 B', '7 B']);
  });
});
