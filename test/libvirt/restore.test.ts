import assert from 'node:assert/strict';
import type { Decision } from '../../src/decision.ts';
import { libvirtDomain } from '../../src/modules/libvirt_domain/libvirt_domain.ts';
import { restoreDomain } from '../../src/modules/restore_domain/restore_domain.ts';
import { converge, decideNow } from '../kvm/converge.ts';
import { embedded } from './embed.ts';

describe('a definition of a real libvirt that a run changed', function () {
  this.timeout(120_000);
  const names = ['plain-q35', 'windows'];
  const embed = embedded(names);

  /** Changes a domain. @returns the hashes of its definition before and after */
  function changed(name: string, more: object): { readonly sha256: string; readonly left: readonly string[] } {
    const { first, second } = converge(libvirtDomain, { name, uri: embed.uri, ...more }, embed.place);
    assert.ok(first.kind === 'change' && second?.kind === 'ok', JSON.stringify(first));
    const [was] = first.replaces ?? [];
    assert.ok(was?.kind === 'domain');
    return { sha256: was.sha256, left: [String(second.result?.definition)] };
  }
  const dump = (name: string) => embed.virsh('dumpxml', name, '--inactive', '--security-info');

  for (const name of names) {
    it(`${name} is put back as it was before the first of two changes, byte for byte`, () => {
      const before = dump(name);
      // Both within a second, as a rule.
      const { sha256 } = changed(name, { iothreads: 3 });
      const { left } = changed(name, { cputune: { vcpupin: { 0: '0' } } });
      const given = { name, uri: embed.uri, run: '0kx3m9', sha256, left };
      const { first, second } = converge(restoreDomain, given, embed.place);
      assert.equal(first.kind, 'change', JSON.stringify(first));
      assert.equal(second?.kind, 'ok', JSON.stringify(second));
      assert.equal(dump(name), before);
    });
  }

  it('stays as it is where somebody changed it since, unless that may be lost', () => {
    const { sha256, left } = changed('plain-q35', { iothreads: 4 });
    embed.virsh('desc', 'plain-q35', '--config', '--new-desc', 'changed by hand');
    const given = { name: 'plain-q35', uri: embed.uri, run: '0kx3m9', sha256, left };
    const refused: Decision = decideNow(restoreDomain, given, embed.place);
    assert.ok(refused.kind === 'refuse');
    assert.match(refused.message, /was changed again/);
    const { second } = converge(restoreDomain, { ...given, changed_since: true }, embed.place);
    assert.equal(second?.kind, 'ok', JSON.stringify(second));
    assert.doesNotMatch(dump('plain-q35'), /changed by hand/);
  });
});
