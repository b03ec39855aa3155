import assert from 'node:assert/strict';
import { inventoryOf } from '../../src/commands/shared/guest-inventory.ts';

function guest(name: string, state: string, ...addresses: { source: string; address: string }[]) {
  return {
    name,
    uuid: `uuid of ${name}`,
    state,
    addresses: addresses.map(one => ({ interface: 'vnet0', mac: '-', ...one })),
  };
}

describe('an inventory of guests', () => {
  it('has groups by hypervisor and state, and the surest address of each guest', () => {
    const lease = { source: 'lease', address: '192.168.122.10' };
    const arp = { source: 'arp', address: '192.168.122.99' };
    const local = { source: 'arp', address: 'fe80::1' };
    const answers = [
      { host: 'hv2', facts: { guests: [guest('db', 'shut off'), guest('web', 'running', local, arp)] } },
      { host: 'hv1', facts: { guests: [guest('db', 'running', arp, lease)] } },
      { host: 'hv3', facts: { guests: [] } },
    ];
    assert.deepEqual(inventoryOf(answers), {
      guests_of_hv1: { hosts: ['db@hv1'] },
      guests_running: { hosts: ['db@hv1', 'web'] },
      guests_of_hv2: { hosts: ['db@hv2', 'web'] },
      guests_shut_off: { hosts: ['db@hv2'] },
      _meta: {
        hostvars: {
          'db@hv1': { hypervisor: 'hv1', uuid: 'uuid of db', state: 'running', ansible_host: '192.168.122.10' },
          'db@hv2': { hypervisor: 'hv2', uuid: 'uuid of db', state: 'shut off' },
          web: { hypervisor: 'hv2', uuid: 'uuid of web', state: 'running', ansible_host: '192.168.122.99' },
        },
      },
    });
  });
});
