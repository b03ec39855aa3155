import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from '../../src/decision.ts';
import { libvirtUnusedFiles } from '../../src/modules/libvirt_unused_files/libvirt_unused_files.ts';
import type { AnyModule } from '../../src/modules/module.ts';
import { qemuImage } from '../../src/modules/qemu_image/qemu_image.ts';
import { applyChange, decideNow } from '../kvm/converge.ts';
import { embedded, folder } from './embed.ts';

describe('a file that a domain names by another path, in a real libvirt', function () {
  this.timeout(240_000);
  const embed = embedded();
  let [images, path] = ['', ''];

  beforeEach(() => {
    images = join(embed.directory, "it's & images");
    mkdirSync(images);
    symlinkSync("it's & images", join(embed.directory, 'way'));
    path = join(images, 'real.qcow2');
    execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', path, '8M']);
  });

  afterEach(() => {
    unlinkSync(join(embed.directory, 'way'));
    rmSync(images, { recursive: true });
  });

  /** What is decided while a domain has this file as its disk. */
  function naming(disk: string, decide: () => void): void {
    const text = readFileSync(join(folder, 'plain-q35.xml'), 'utf8')
      .replace("type='block'", "type='file'")
      .replace("dev='/dev/vmpool/vm1'", `file="${disk.replaceAll('&', '&amp;')}"`);
    writeFileSync(join(embed.directory, 'domain.xml'), text);
    embed.virsh('define', join(embed.directory, 'domain.xml'));
    try {
      decide();
    } finally {
      embed.virsh('undefine', 'plain-q35');
    }
  }

  const changeOf = (module: AnyModule, args: object): Change => {
    const decision = decideNow(module, { ...args, uri: embed.uri }, embed.place);
    assert.equal(decision.kind, 'change', JSON.stringify(decision));
    return decision as Change;
  };

  const refusalOf = (module: AnyModule, args: object): string => {
    const decision = decideNow(module, { ...args, uri: embed.uri }, embed.place);
    return decision.kind === 'refuse' ? decision.message : decision.kind;
  };

  it('is not removed, and is not a base', () => {
    symlinkSync('real.qcow2', join(images, 'link.qcow2'));
    linkSync(path, join(images, 'hard.qcow2'));
    const removal = changeOf(qemuImage, { path, state: 'absent' });
    const others = [join(images, 'link.qcow2'), join(images, 'hard.qcow2'), join(embed.directory, 'way/real.qcow2')];
    for (const disk of others) {
      naming(disk, () => {
        assert.match(refusalOf(qemuImage, { path, state: 'absent' }), /is a disk of plain-q35/);
        assert.throws(() => applyChange(removal, embed.place), /domains left with 75/);
        const over = { path: join(images, 'top.qcow2'), backing: { path, format: 'qcow2' } };
        assert.match(refusalOf(qemuImage, over), /is a disk of plain-q35/);
      });
    }
    assert.equal(changeOf(qemuImage, { path, state: 'absent' }).reason, 'exists');
  });

  it('is not removed or grown below an overlay that names it by a link', () => {
    symlinkSync('real.qcow2', join(images, 'base.qcow2'));
    const growth = changeOf(qemuImage, { path, size: '16M', grow: true });
    const top = join(images, 'top.qcow2');
    execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', 'base.qcow2', '-F', 'qcow2', top]);
    for (const args of [{ state: 'absent' }, { size: '16M', grow: true }])
      assert.match(refusalOf(qemuImage, { path, ...args }), /top\.qcow2 are based on it$/);
    assert.throws(() => applyChange(growth, embed.place), /overlays left with 75/);
  });

  it('is in use among old files', () => {
    const old = join(images, 'virtio-win-1.iso');
    writeFileSync(old, 'image');
    symlinkSync('virtio-win-1.iso', join(images, 'virtio-win.iso'));
    const asked = { directory: join(embed.directory, 'way'), pattern: 'virtio-win-*.iso' };
    const removal = changeOf(libvirtUnusedFiles, asked);
    naming(join(images, 'virtio-win.iso'), () => {
      const decision = decideNow(libvirtUnusedFiles, { ...asked, uri: embed.uri }, embed.place);
      assert.equal(decision.kind === 'ok' && decision.reason, 'virtio-win-1.iso still in use');
      assert.throws(() => applyChange(removal, embed.place), /guard left with 75/);
    });
  });
});
