import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readAdvice } from '../../src/language/parse/read-advice.ts';
import { make } from '../plan/make.ts';

/** What a role would be given for these guests. */
function parametersFor(role: string, guests: readonly object[]): unknown {
  const advice = readAdvice(role, join(import.meta.dirname, '../../roles', role));
  assert.ok(advice);
  const play = { hosts: 'all', vars: { advice: { guests } }, tasks: [{ name: 'it', debug: { msg: 'x' } }] };
  const { scope } = make({ 'site.yml': JSON.stringify([play]) });
  return scope('it').evaluate(advice.parameters.domains);
}

const disk = {
  target: 'vda',
  device: 'disk',
  type: 'block',
  bus: 'virtio',
  iothreads: [1],
  cache: 'none',
  io: 'native',
};

describe('the advice of the roles', () => {
  it('gives guests that start with one vCPU two', () => {
    const guests = [
      { name: 'one', vcpus: { max: 1, current: 1 } },
      { name: 'off', vcpus: { max: 4, current: 1 } },
      { name: 'two', vcpus: { max: 4, current: 2 } },
    ];
    assert.deepEqual(parametersFor('vcpu-count', guests), [
      { name: 'one', current: 2, max: 2 },
      { name: 'off', current: 2 },
    ]);
  });

  it('leaves directsync and io_uring to those who have chosen them', () => {
    const disks = [
      { ...disk, target: 'vda' },
      { ...disk, target: 'vdb', cache: 'directsync' },
      { ...disk, target: 'vdc', io: 'io_uring' },
    ];
    assert.deepEqual(parametersFor('disk-io', [{ name: 'vm1', iothreads: [1], disks }]), [
      { name: 'vm1', disks: { vda: {}, vdb: { cache: 'directsync' } } },
    ]);
  });
});
