import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Decision } from '../../src/decision.ts';
import { libvirtDiskIo } from '../../src/modules/libvirt_disk_io/libvirt_disk_io.ts';
import { decideNow } from '../kvm/converge.ts';
import { embedded } from './embed.ts';

const plain = join(import.meta.dirname, 'domains/plain-q35.xml');

describe('where the disks of a domain lie, in a real libvirt', function () {
  this.timeout(240_000);
  const embed = embedded();

  afterEach(() => embed.virsh('undefine', 'plain-q35'));

  /** What is decided for an image of this name and format. */
  function decisionFor(file: string, format: string): Decision {
    const path = join(embed.directory, file);
    const text = readFileSync(plain, 'utf8')
      .replace("type='block'", "type='file'")
      .replace(/<driver name='qemu' type='raw'.*?\/>/, `<driver name='qemu' type='${format}'/>`)
      .replace("dev='/dev/vmpool/vm1'", `file='${path.replaceAll('&', '&amp;')}'`);
    writeFileSync(join(embed.directory, 'domain.xml'), text);
    embed.virsh('define', join(embed.directory, 'domain.xml'), '--validate');
    const asked = { name: 'plain-q35', uri: embed.uri, disks: { vda: { cache: 'none', io: 'auto', discard: 'auto' } } };
    return decideNow(libvirtDiskIo, asked, embed.place);
  }

  const images: [string, string, string[], object][] = [
    ['sparse.raw', 'raw', ['truncate', '-s', '8M'], { io: 'threads', discard: 'unmap' }],
    ['full & a blank.raw', 'raw', ['fallocate', '-l', '8M'], { io: 'native' }],
    [
      'new.qcow2',
      'qcow2',
      ['qemu-img', 'create', '-q', '-f', 'qcow2', 'FILE', '8M'],
      { io: 'threads', discard: 'unmap' },
    ],
    [
      'full.qcow2',
      'qcow2',
      ['qemu-img', 'create', '-q', '-f', 'qcow2', '-o', 'preallocation=falloc', 'FILE', '8M'],
      { io: 'native' },
    ],
  ];
  for (const [file, format, [program, ...rest], wanted] of images) {
    it(`tells how ${file} is allocated`, () => {
      const path = join(embed.directory, file);
      const args = rest.includes('FILE') ? rest.map(word => (word === 'FILE' ? path : word)) : [...rest, path];
      execFileSync(program!, args);
      const decision = decisionFor(file, format);
      assert.ok(decision.kind === 'ok', JSON.stringify(decision));
      assert.deepEqual(decision.result?.settings, { vda: { cache: 'none', ...wanted } });
    });
  }

  it('says which file is missing', () => {
    const decision = decisionFor('missing.raw', 'raw');
    assert.ok(decision.kind === 'refuse');
    assert.deepEqual(decision.needs, [{ kind: 'path', name: join(embed.directory, 'missing.raw') }]);
  });

  it('takes a raw image for one, whatever header a guest wrote into it', () => {
    // The header of qcow2 with a disk of 1 TiB in it.
    const header = Buffer.from('514649fb00000003000000000000000000000000000000100000010000000000', 'hex');
    writeFileSync(join(embed.directory, 'guest.raw'), Buffer.concat([header, Buffer.alloc(65_504, 1)]));
    const decision = decisionFor('guest.raw', 'raw');
    assert.deepEqual(decision.kind === 'ok' && decision.result?.settings, { vda: { cache: 'none', io: 'native' } });
  });
});
