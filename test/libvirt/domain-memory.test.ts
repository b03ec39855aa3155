import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { libvirtDomain } from '../../src/modules/libvirt_domain/libvirt_domain.ts';
import { converge } from '../kvm/converge.ts';
import { embedded } from './embed.ts';

describe('the memory of a domain in a real libvirt', function () {
  this.timeout(240_000);
  const embed = embedded(['numa', 'windows']);

  it('takes its memory from given nodes, and from anywhere again, also where numad chose them', () => {
    for (const vcpus of ['static', 'auto']) {
      const text = embed.virsh('dumpxml', 'windows', '--inactive', '--security-info');
      const file = join(embed.directory, 'windows.xml');
      writeFileSync(file, text.replace(/<vcpu placement='\w+'/, `<vcpu placement='${vcpus}'`));
      embed.virsh('define', file);
      for (const numatune of [{ nodeset: 0 }, false]) {
        const { first, second } = converge(libvirtDomain, { name: 'windows', uri: embed.uri, numatune }, embed.place);
        assert.equal(first.kind, 'change');
        assert.equal(second?.kind, 'ok', JSON.stringify(second));
      }
    }
  });

  it('has huge pages for one cell next to those of all others', () => {
    for (const hugepages of [{ size: '2M' }, { size: '2M', nodeset: 1 }, { size: '2M', nodeset: '0-1' }]) {
      const asked = { name: 'numa', uri: embed.uri, memory_backing: { hugepages } };
      const { first, second } = converge(libvirtDomain, asked, embed.place);
      assert.equal(first.kind, 'change');
      assert.equal(second?.kind, 'ok', JSON.stringify(second));
    }
    const pages = [...embed.virsh('dumpxml', 'numa').matchAll(/<page size='(\d+)' unit='KiB'( nodeset='.*')?\/>/g)];
    assert.deepEqual(
      pages.map(([, size, nodeset]) => `${size}${nodeset ?? ''}`),
      ['2048', "2048 nodeset='0-1'"],
    );
  });
});
