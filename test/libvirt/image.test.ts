import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from '../../src/decision.ts';
import { overlaysIn } from '../../src/host/image/overlays.ts';
import { qemuImage } from '../../src/modules/qemu_image/qemu_image.ts';
import { script } from '../../src/shell/script.ts';
import { applyChange, converge, decideNow, runScript } from '../kvm/converge.ts';
import { embedded, folder } from './embed.ts';

describe('images of domains in a real libvirt', function () {
  this.timeout(240_000);
  const embed = embedded();
  let path = '';

  beforeEach(() => {
    path = join(embed.directory, "it's & an image.qcow2");
    execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', path, '8M']);
  });

  function removal(): Change {
    const decision = decideNow(qemuImage, { path, state: 'absent', uri: embed.uri }, embed.place);
    assert.equal(decision.kind, 'change', JSON.stringify(decision));
    return decision as Change;
  }

  function define(disk = path): void {
    const text = readFileSync(join(folder, 'plain-q35.xml'), 'utf8')
      .replace("type='block'", "type='file'")
      .replace("dev='/dev/vmpool/vm1'", `file="${disk.replace('&', '&amp;')}"`);
    writeFileSync(join(embed.directory, 'domain.xml'), text);
    embed.virsh('define', join(embed.directory, 'domain.xml'));
  }

  it('are not removed once a domain names them, nor a base of others', () => {
    const early = removal();
    define();
    assert.throws(() => applyChange(early, embed.place), /domains left with 75/);
    const later = decideNow(qemuImage, { path, state: 'absent', uri: embed.uri }, embed.place);
    assert.match(later.kind === 'refuse' ? later.message : '', /is a disk of plain-q35/);
    const over = { path: join(embed.directory, 'top'), backing: { path, format: 'qcow2' }, uri: embed.uri };
    const refused = decideNow(qemuImage, over, embed.place);
    assert.match(refused.kind === 'refuse' ? refused.message : '', /is a disk of plain-q35/);
    assert.equal(
      converge(qemuImage, { path, size: '16M', grow: true, uri: embed.uri }, embed.place).second?.kind,
      'ok',
    );
    embed.virsh('undefine', 'plain-q35');
  });

  it('are not removed below the disk of a domain that is off, wherever that lies', () => {
    const early = removal();
    const elsewhere = join(embed.directory, "it's & elsewhere");
    mkdirSync(elsewhere);
    const [middle, top] = [join(elsewhere, 'middle.qcow2'), join(elsewhere, 'top.qcow2')];
    execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', path, '-F', 'qcow2', middle]);
    execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', middle, '-F', 'qcow2', top]);
    removal();
    define(top);
    const later = decideNow(qemuImage, { path, state: 'absent', uri: embed.uri }, embed.place);
    assert.equal(
      later.kind === 'refuse' ? later.message : later.kind,
      `${path} cannot be removed: ${middle} are based on it`,
    );
    assert.throws(() => applyChange(early, embed.place), /overlays left with 75/);
    embed.virsh('undefine', 'plain-q35');
  });

  it('that back each other in a ring, as a guest may have written, are looked at once each', () => {
    const [one, two] = [join(embed.directory, 'one.qcow2'), join(embed.directory, 'two.qcow2')];
    execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', path, '-F', 'qcow2', one]);
    execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', one, '-F', 'qcow2', two]);
    execFileSync('qemu-img', ['rebase', '-q', '-u', '-b', two, '-F', 'qcow2', one]);
    const { overlays } = runScript(script({ overlays: overlaysIn(embed.uri, [path]) }), embed.place, false);
    const images = (overlays?.stdout ?? '').split('\n').filter(line => line.endsWith('.qcow2') && line.startsWith('/'));
    assert.deepEqual(images.toSorted(), [path, one, two].toSorted());
    removal();
    for (const file of [one, two]) execFileSync('rm', [file]);
  });

  it('are not removed while a program has them open for writing', () => {
    for (const [flags, refused] of [
      ['r+', true],
      ['r', false],
    ] as const) {
      const file = openSync(path, flags);
      const decision = decideNow(qemuImage, { path, state: 'absent', uri: embed.uri }, embed.place);
      closeSync(file);
      assert.equal(decision.kind === 'refuse' && decision.message, refused && `${path} is open for writing`);
    }
  });

  it('are not removed once another image is backed by them', () => {
    const early = removal();
    const top = join(embed.directory, 'top.qcow2');
    execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', path, '-F', 'qcow2', top]);
    assert.throws(() => applyChange(early, embed.place), /overlays left with 75/);
    assert.ok(existsSync(path));
    execFileSync('rm', [top]);
    applyChange(removal(), embed.place);
    assert.equal(existsSync(path), false);
  });
});
