import assert from 'node:assert/strict';
import { past } from '../../src/run/past.ts';

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
