import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { libvirtCdrom } from '../../src/modules/libvirt_cdrom/libvirt_cdrom.ts';
import { libvirtCpuPlan } from '../../src/modules/libvirt_cpu_plan/libvirt_cpu_plan.ts';
import { libvirtUnusedFiles } from '../../src/modules/libvirt_unused_files/libvirt_unused_files.ts';
import { applyChange, converge, decideNow } from '../kvm/converge.ts';
import { embedded, folder } from './embed.ts';

const names = ['windows', 'plain-q35', 'commandline'];

describe('drives, images and plans in a real libvirt', function () {
  this.timeout(240_000);
  const embed = embedded(names);
  let [older, newer, match] = ['', '', ''];

  before(() => {
    [older, newer] = [join(embed.directory, 'virtio-win-1.iso'), join(embed.directory, 'virtio-win-2 & 3.iso')];
    match = join(embed.directory, 'virtio-win-*.iso');
    for (const file of [older, newer]) writeFileSync(file, 'image');
  });

  for (const [name, target] of [
    ['plain-q35', 'sda'],
    ['commandline', 'hda'],
    ['windows', 'sdb'],
  ] as const) {
    it(`gives ${name} a drive ${target}, changes its medium, empties it and takes it out`, () => {
      const disks = embed.virsh('domblklist', name);
      const given = { domain: name, uri: embed.uri, match };
      for (const source of [older, newer]) {
        const { first, second } = converge(libvirtCdrom, { ...given, source }, embed.place);
        assert.equal(first.kind, 'change');
        const stored = embed.virsh('dumpxml', '--inactive', '--security-info', name);
        const definition = createHash('sha256').update(stored).digest('hex');
        assert.deepEqual(second?.kind === 'ok' && second.result, { target, definition });
        assert.ok(embed.virsh('domblklist', name).includes(source));
      }
      for (const state of ['ejected', 'absent']) {
        const asked = { ...given, state };
        const { first, second } = converge(libvirtCdrom, asked, embed.place);
        assert.equal(first.kind, 'change');
        assert.equal(second?.kind, 'ok');
      }
      assert.equal(embed.virsh('domblklist', name), disks);
    });
  }

  it('removes an old image only once no domain names it', () => {
    const asked = { directory: embed.directory, pattern: 'virtio-win-*.iso', keep: [newer], uri: embed.uri };
    const decision = decideNow(libvirtUnusedFiles, asked, embed.place);
    assert.deepEqual(decision.kind === 'change' && decision.result, { removed: [older], in_use: [] });
    converge(libvirtCdrom, { domain: 'windows', source: older, match, uri: embed.uri }, embed.place);
    assert.throws(() => decision.kind === 'change' && applyChange(decision, embed.place), /guard left with 75/);
    assert.equal(decideNow(libvirtUnusedFiles, asked, embed.place).kind, 'ok');
    converge(libvirtCdrom, { domain: 'windows', source: newer, match, uri: embed.uri }, embed.place);
    assert.equal(converge(libvirtUnusedFiles, asked, embed.place).second?.kind, 'ok');
    const gone = decideNow(libvirtUnusedFiles, { ...asked, keep: [] }, embed.place);
    assert.deepEqual(gone.kind === 'ok' && gone.result, { removed: [], in_use: [newer] });
  });

  it('asks for a domain whatever its name, and says of one that is not there that it is not', () => {
    const name = `it's "odd"; echo #1 $HOME`;
    const file = join(embed.directory, 'odd.xml');
    const text = readFileSync(join(folder, 'plain-q35.xml'), 'utf8').replace(/<uuid>.*<\/uuid>/, '');
    writeFileSync(file, text.replace('<name>plain-q35<', `<name>${name.replaceAll('"', '&quot;')}<`));
    embed.virsh('define', file);
    const given = { domain: name, uri: embed.uri, match, source: newer };
    assert.equal(converge(libvirtCdrom, given, embed.place).second?.kind, 'ok');
    assert.ok(embed.virsh('domblklist', name).includes(newer));
    const missing = decideNow(libvirtCdrom, { ...given, domain: `${name} ` }, embed.place);
    assert.equal(missing.kind === 'refuse' && missing.message, `there is no domain ${name} `);
    embed.virsh('undefine', name);
  });

  it('plans pins from the topology of this machine', () => {
    const asked = { domains: ['plain-q35'], overcommit: true, reserved_cpus: 0, uri: embed.uri };
    const plan = decideNow(libvirtCpuPlan, asked, embed.place);
    if (plan.kind === 'ok') assert.equal(plan.result?.housekeeping, '0');
    else assert.equal(plan.kind, 'refuse');
  });
});
