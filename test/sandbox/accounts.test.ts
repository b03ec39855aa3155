import assert from 'node:assert/strict';
import { group } from '../../src/modules/group/group.ts';
import { converge } from '../modules/converge.ts';
import { live, refusal } from './life.ts';
import { inSandboxes } from './sandbox.ts';

inSandboxes('group', sandbox => {
  it('is made, and fixed', () => {
    live(sandbox(), {
      module: group,
      args: { name: 'vm.disks', gid: 812 },
      proof: { 'getent group vm.disks': 'vm.disks:x:812:\n' },
      disturb: 'groupmod -g 813 vm.disks',
    });
  });

  it('is made with a number of the system', () => {
    converge(sandbox().host, group, { name: 'sys', system: true });
    assert.ok(Number(sandbox().run('getent group sys | cut -d: -f3')) < 1000);
  });

  it('is removed', () => {
    live(sandbox(), {
      module: group,
      args: { name: 'gone', state: 'absent' },
      before: 'groupadd gone',
      proof: { 'getent group gone; echo $?': '2\n' },
      disturb: 'groupadd gone',
    });
  });

  it('is refused where it is the primary group of somebody, or its number is taken', () => {
    sandbox().run('useradd -U ann');
    assert.match(
      refusal(sandbox().host, group, { name: 'ann', state: 'absent' }),
      /is the primary group of the user ann/,
    );
    assert.match(refusal(sandbox().host, group, { name: 'new', gid: 1 }), /the number 1 belongs to the group daemon/);
  });
});

inSandboxes('group without the shadow tools', sandbox => {
  it('is refused with the names of the packages', () => {
    sandbox().run('rm "$(command -v groupadd)"');
    assert.match(refusal(sandbox().host, group, { name: 'new' }), /groupadd is not installed.*shadow on Alpine/);
    converge(sandbox().host, group, { name: 'new', state: 'absent' });
  });
});
