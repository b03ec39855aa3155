import assert from 'node:assert/strict';
import { libvirtDomain } from '../../src/modules/libvirt_domain/libvirt_domain.ts';
import { converge, decideNow } from '../kvm/converge.ts';
import { embedded } from './embed.ts';

const names = ['plain-q35', 'numa', 'uefi-tpm'];

describe('vCPUs in a real libvirt', function () {
  this.timeout(240_000);
  const embed = embedded(names);

  for (const name of ['plain-q35', 'uefi-tpm']) {
    it(`gives ${name} a number and a layout, and then finds them`, () => {
      const topology = { sockets: 2, cores: 2, threads: 2 };
      const given = { name, uri: embed.uri, vcpu: { max: 8, current: 6, topology, overcommit: true } };
      const { first, second } = converge(libvirtDomain, given, embed.place);
      assert.equal(first.kind, 'change');
      assert.equal(second?.kind, 'ok', JSON.stringify(second));
      assert.match(embed.virsh('dumpxml', name), /<vcpu [^>]*current='6'>8</);
      assert.match(embed.virsh('vcpucount', name, '--maximum', '--config'), /^8/);
      assert.match(embed.virsh('dumpxml', name), /<topology sockets='2'[^>]* cores='2' threads='2'\/>/);
    });
  }

  it('takes no number that NUMA cells or the layout do not have', () => {
    const refusal = (vcpu: object) => {
      const decision = decideNow(libvirtDomain, { name: 'numa', uri: embed.uri, vcpu }, embed.place);
      return decision.kind === 'refuse' ? decision.message : JSON.stringify(decision);
    };
    assert.match(refusal({ max: 64, overcommit: true }), /NUMA cells|CPU topology/);
    assert.match(refusal({ max: 4096 }), /would have 4096 vCPUs, and the host has/);
  });
});
