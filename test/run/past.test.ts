import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { past } from '../../src/run/result/past.ts';
import { play } from './engine.ts';

describe('what differed', () => {
  for (const [reason, told] of Object.entries({
    'is absent': 'was absent',
    'stored and live value differ': 'stored and live value differed',
    'mode differs, 3 entries differ below': 'mode differed, 3 entries differed below',
    'fstab differs, is mounted without noatime': 'fstab differed, was mounted without noatime',
    '/opt/is/a does not exist': '/opt/is/a did not exist',
    'stored rules differ; left alone: sda is zoned': 'stored rules differed; left alone: sda is zoned',
    '1 to install': '1 to install',
    'definition: disk vda': 'definition: disk vda',
  }))
    it(`of "${reason}" is told as "${told}"`, () => assert.equal(past(reason), told));
});

describe('a change', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hw-past-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('tells what was different, and in check mode what is', async () => {
    const text = `- hosts: all\n  tasks:\n    - {name: it, copy: {content: x, dest: "${folder}/x"}}\n`;
    const foreseen = await play(text, { check: true });
    assert.equal(foreseen.result('it').message, 'is absent');
    const done = await play(text);
    assert.equal(done.result('it').message, 'was absent');
    assert.deepEqual(done.result('it').diff, foreseen.result('it').diff);
  });
});
