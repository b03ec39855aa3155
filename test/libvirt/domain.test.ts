import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { disksOf, domainOf } from '../../src/host/libvirt/domain-element.ts';
import { attribute, canonical, child, type Element, parseXml, remove } from '../../src/host/libvirt/xml.ts';
import { libvirtDomain } from '../../src/modules/libvirt_domain/libvirt_domain.ts';
import { applyChange, converge, decideNow, runScript } from '../kvm/converge.ts';
import { embedded } from './embed.ts';

/**
 * Those that go through the module's own scripts; corpus.test.ts has all of them, and all edits.
 */
const names = [
  'commandline',
  'hostdev',
  'many-disks',
  'metadata',
  'numa',
  'plain-q35',
  'snapshot-chain',
  'uefi-tpm',
  'windows',
];
const ownedParts = ['memoryBacking', 'iothreads', 'iothreadids', 'cputune', 'numatune'];

describe('a domain in a real libvirt', function () {
  this.timeout(240_000);
  const embed = embedded(names);

  for (const name of names) {
    it(`changes in ${name} only what is owned, and nothing the second time`, () => {
      const before = dump(name);
      const virtio = [...disksOf(before)].filter(([target]) => target.startsWith('vd') && target !== 'vdz');
      const disks = Object.fromEntries(
        virtio.map(([target], at) => [
          target,
          { cache: 'none', io: 'native', discard: 'unmap', iothread: (at % 2) + 1 },
        ]),
      );
      const given = {
        name,
        uri: embed.uri,
        iothreads: name === 'many-disks' ? [1, 2, 5, 7] : 2,
        disks,
        cputune: { vcpupin: { 0: '0' }, emulatorpin: '0-1', iothreadpin: { 1: [1] } },
        numatune: { mode: 'strict', nodeset: 0 },
        memory_backing: { hugepages: { size: '2M' }, source: 'memfd', nosharepages: true },
      };
      const { first, second } = converge(libvirtDomain, given, embed.place);
      assert.equal(first.kind, 'change', JSON.stringify(first));
      assert.equal(second?.kind, 'ok', JSON.stringify(second));
      assert.equal(foreignParts(dump(name), disks), foreignParts(before, disks));
      assert.equal(statSync(join(embed.backups, name)).mode & 0o777, 0o700);
    });
  }

  it('keeps passwords in the definition and out of the diff', () => {
    const decision = decideNow(libvirtDomain, { name: 'windows', uri: embed.uri, iothreads: 5 }, embed.place);
    assert.ok(decision.kind === 'change');
    assert.doesNotMatch(JSON.stringify(decision.diff) + JSON.stringify(decision.apply), /geheim/);
    assert.match(String(decision.puts?.[0]?.content), /geheim/);
    applyChange(decision, embed.place);
    assert.match(embed.virsh('dumpxml', 'windows', '--security-info'), /geheim/);
  });

  it('removes dead data-plane arguments and keeps the others', () => {
    const given = { name: 'commandline', uri: embed.uri, remove_legacy_dataplane: true };
    const { second } = converge(libvirtDomain, given, embed.place);
    assert.equal(second?.kind, 'ok');
    const text = embed.virsh('dumpxml', 'commandline');
    assert.doesNotMatch(text, /-set|x-data-plane|scsi=off/);
    assert.match(text, /pvpanic/);
    assert.match(text, /QEMU_AUDIO_DRV/);
  });

  it('leaves with 75 if somebody changed the definition since the probe', () => {
    const decision = decideNow(libvirtDomain, { name: 'plain-q35', uri: embed.uri, iothreads: 4 }, embed.place);
    assert.ok(decision.kind === 'change');
    embed.virsh('desc', 'plain-q35', '--config', '--new-desc', 'changed by hand');
    assert.throws(() => applyChange(decision, embed.place), /guard left with 75/);
  });

  it('defines nothing that libvirt does not know, and has the old definition again after an undo', () => {
    const before = embed.virsh('dumpxml', 'metadata', '--inactive', '--security-info');
    const decision = decideNow(libvirtDomain, { name: 'metadata', uri: embed.uri, iothreads: 9 }, embed.place);
    assert.ok(decision.kind === 'change' && decision.undo);
    const [put] = decision.puts!;
    // Without validation libvirt drops the element, and says that all is well.
    const unknown = String(put!.content).replace(/<iothreads>9<.iothreads>/, '<iothreadz>9</iothreadz>');
    assert.notEqual(unknown, put!.content);
    const answer = applyChange({ ...decision, puts: [{ ...put!, content: unknown }] }, embed.place);
    assert.equal(answer.define!.code, 1);
    assert.match(answer.define!.stderr, /schema/i);
    assert.equal(embed.virsh('dumpxml', 'metadata', '--inactive', '--security-info'), before);

    applyChange(decision, embed.place);
    assert.match(embed.virsh('dumpxml', 'metadata'), /<iothreads>9</);
    runScript(decision.undo, embed.place, true);
    assert.equal(embed.virsh('dumpxml', 'metadata', '--inactive', '--security-info'), before);
  });

  it('has no undo of what somebody else has written since', () => {
    const decision = decideNow(libvirtDomain, { name: 'metadata', uri: embed.uri, iothreads: 7 }, embed.place);
    assert.ok(decision.kind === 'change' && decision.undo);
    applyChange(decision, embed.place);
    embed.virsh('desc', 'metadata', '--config', '--new-desc', 'edited after the run');
    const edited = embed.virsh('dumpxml', 'metadata', '--inactive');
    const answer = runScript(decision.undo, embed.place, true);
    assert.equal(answer.undo!.code, 1);
    assert.match(answer.undo!.stderr, /has been changed again since, and stays as it is now/);
    assert.equal(embed.virsh('dumpxml', 'metadata', '--inactive'), edited);
  });

  it('is not defined over what somebody writes behind the guard', () => {
    const decision = decideNow(libvirtDomain, { name: 'metadata', uri: embed.uri, iothreads: 6 }, embed.place);
    assert.ok(decision.kind === 'change');
    embed.virsh('desc', 'metadata', '--config', '--new-desc', 'edited behind the guard');
    const { guard: _, ...unguarded } = decision;
    const { define } = applyChange(unguarded, embed.place);
    assert.match(define!.stderr, /somebody else has just changed the definition of metadata: nothing was defined/);
    assert.match(embed.virsh('dumpxml', 'metadata', '--inactive'), /edited behind the guard/);
  });

  it('is rendered by QEMU as asked', () => {
    const given = {
      name: 'plain-q35',
      uri: embed.uri,
      iothreads: 1,
      disks: { vda: { cache: 'none', io: 'native', iothread: 1 } },
      memory_backing: { source: 'memfd' },
    };
    converge(libvirtDomain, given, embed.place);
    const argv = embed.virsh('domxml-to-native', 'qemu-argv', '--domain', 'plain-q35');
    assert.match(argv, /"qom-type":"iothread","id":"iothread1"/);
    assert.match(argv, /"aio":"native"/);
    assert.match(argv, /"direct":true/);
  });

  it('moves a disk to another bus, and QEMU is told so', () => {
    const moves = [
      ['scsi', /"driver":"scsi-hd","bus":"scsi0.0","channel":0,"scsi-id":0,"lun":0/],
      ['virtio', /"driver":"virtio-blk-pci"/],
    ] as const;
    for (const [bus, device] of moves) {
      const given = { name: 'numa', uri: embed.uri, disks: { vda: { bus, drivers_present: true } } };
      const { first, second } = converge(libvirtDomain, given, embed.place);
      assert.equal(first.kind, 'change');
      assert.equal(second?.kind, 'ok', JSON.stringify(second));
      assert.match(embed.virsh('domxml-to-native', 'qemu-argv', '--domain', 'numa'), device);
    }
  });

  it('gives a virtio-scsi controller queues and an I/O thread, and a second one next to it', () => {
    const given = {
      name: 'many-disks',
      uri: embed.uri,
      scsi_controllers: { 0: { queues: 2, iothread: 5 }, 1: { iothread: 7 } },
      disks: { sda: { cache: 'none', io: 'native', detect_zeroes: 'on', error_policy: 'stop' } },
    };
    const before = dump('many-disks');
    const { first, second } = converge(libvirtDomain, given, embed.place);
    assert.equal(first.kind, 'change');
    assert.equal(second?.kind, 'ok', JSON.stringify(second));
    const argv = embed.virsh('domxml-to-native', 'qemu-argv', '--domain', 'many-disks');
    assert.match(argv, /"driver":"virtio-scsi-pci","iothread":"iothread5","id":"scsi0","num_queues":2/);
    assert.match(argv, /"driver":"virtio-scsi-pci","iothread":"iothread7","id":"scsi1"/);
    const others = [...disksOf(before)].filter(([target]) => target !== 'sda');
    for (const [target, disk] of others)
      assert.equal(canonical(disksOf(dump('many-disks')).get(target)), canonical(disk));
  });

  it('sets all that a driver has, and QEMU is told so', () => {
    const disks = {
      vda: { cache: 'none', io: 'io_uring', discard: 'unmap', detect_zeroes: 'unmap', queues: 4, queue_size: 512 },
    };
    const { second } = converge(libvirtDomain, { name: 'windows', uri: embed.uri, disks }, embed.place);
    assert.equal(second?.kind, 'ok', JSON.stringify(second));
    const argv = embed.virsh('domxml-to-native', 'qemu-argv', '--domain', 'windows');
    assert.match(argv, /"num-queues":4,"queue-size":512/);
    for (const part of ['"aio":"io_uring"', '"discard":"unmap"', '"detect-zeroes":"unmap"'])
      assert.ok(argv.includes(part), argv);
  });

  function dump(name: string): Element {
    return domainOf(parseXml(embed.virsh('dumpxml', name, '--inactive', '--security-info'), 'domain', name));
  }
});

/** The document without what the arguments own. */
function foreignParts(domain: Element, disks: object): string {
  for (const part of ownedParts) {
    const found = child(domain, part);
    if (found) remove(found);
  }
  for (const [target, disk] of disksOf(domain)) {
    const driver = child(disk, 'driver');
    if (!driver || !(target in disks)) continue;
    assert.ok(attribute(driver, 'name'));
    for (const name of ['cache', 'io', 'discard', 'iothread']) driver.removeAttribute(name);
  }
  return canonical(domain).replaceAll('><', '>\n<');
}
