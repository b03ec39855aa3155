import assert from 'node:assert/strict';
import type { Decision } from '../../src/decision.ts';
import { formatXml, parseXml } from '../../src/host/libvirt/xml.ts';
import { libvirtCpuPlan } from '../../src/modules/libvirt_cpu_plan/libvirt_cpu_plan.ts';
import { libvirtDomain } from '../../src/modules/libvirt_domain/libvirt_domain.ts';
import { holdTo } from '../../src/planned/hold.ts';
import { applyChange, decideNow, type Place } from '../kvm/converge.ts';
import { call, hash, planned } from '../planned/planned.ts';
import { embedded } from './embed.ts';

/** One at a time, as the roles give them. */
const parts = [
  { memory_backing: { hugepages: { size: '2M' }, source: 'memfd', nosharepages: true } },
  { iothreads: 2, disks: { vda: { iothread: 2 } } },
  { scsi_controllers: { 0: { queues: 2 } } },
  { disks: { vda: { cache: 'none', io: 'threads', discard: 'unmap', detect_zeroes: 'unmap', queues: 2 } } },
  { cputune: { vcpupin: { 0: '0' }, iothreadpin: { 1: '0' } }, numatune: { mode: 'strict', nodeset: 0 } },
];

describe('a definition in a real libvirt that an earlier task of check mode would change', function () {
  this.timeout(120_000);
  const [name, other] = ['plain-q35', 'numa'] as const;
  const embed = embedded([name, other]);

  const threads = (place: Place) => decideNow(libvirtDomain, { name, uri: embed.uri, iothreads: [1, 2] }, place);
  /** The pins that the host's plan gives the domain. */
  function pins(place: Place): Decision {
    const given = { domains: [name], uri: embed.uri, overcommit: true, numa: 'none' };
    const plan = decideNow(libvirtCpuPlan, given, place);
    assert.ok(plan.kind === 'ok', JSON.stringify(plan));
    const { cputune } = (plan.result!.domains as Record<string, { cputune: object }>)[name]!;
    return decideNow(libvirtDomain, { name, uri: embed.uri, cputune }, place);
  }
  function change(decision: Decision) {
    assert.ok(decision.kind === 'change', JSON.stringify(decision));
    return decision;
  }

  it('is seen by later tasks as it will be: they decide what they decide in earnest', () => {
    const first = change(threads(embed.place));
    const foretold = new Map(Object.entries(first.leaves ?? {}));
    const place = { ...embed.place, foretold };
    assert.equal(threads(place).kind, 'ok');
    const { diff } = change(pins(place));
    assert.match(diff.map(({ after }) => after).join(), /iothreadpin.*iothread=.2/s);
    applyChange(first, embed.place);
    assert.deepEqual(change(pins(embed.place)).diff, diff);
  });

  it('may be written otherwise by libvirt: the plan of the later tasks holds', () => {
    const decide = (part: object, place: Place) =>
      change(decideNow(libvirtDomain, { name: other, uri: embed.uri, ...part }, place));
    const foretold = new Map<string, string>();
    const tasks = parts.map((part, at) => {
      const decision = decide(part, { ...embed.place, foretold });
      for (const [key, text] of Object.entries(decision.leaves ?? {})) foretold.set(key, text);
      return planned(decision, { place: `0/${at}` });
    });
    const review = holdTo({ tasks, hash, unknownRuns: false });
    for (const [at, part] of parts.entries()) {
      const decision = decide(part, embed.place);
      assert.equal(review({ ...call, place: `0/${at}` }, decision)?.message, undefined, JSON.stringify(part));
      applyChange(decision, embed.place);
    }
    const printed = embed.virsh('dumpxml', other, '--inactive', '--security-info');
    const [text = ''] = foretold.values();
    assert.notEqual(formatXml(parseXml(printed, 'domain', other)), text);
  });
});
