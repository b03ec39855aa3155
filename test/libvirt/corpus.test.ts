import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Decision } from '../../src/decision.ts';
import { namedDomains } from '../../src/host/libvirt/domain-state.ts';
import { splitAnswers, virshMark } from '../../src/host/libvirt/virsh.ts';
import { type Element, parseXml } from '../../src/host/libvirt/xml.ts';
import { libvirtDiskIo } from '../../src/modules/libvirt_disk_io/libvirt_disk_io.ts';
import { hostLimits } from '../../src/modules/libvirt_domain/host-limits.ts';
import { hypervOffer } from '../../src/modules/libvirt_domain/hyperv-offer.ts';
import type { AnyModule } from '../../src/modules/module.ts';
import { all } from '../../src/shell/look.ts';
import { type Answer, output } from '../../src/shell/script.ts';
import { decideNow, runScript, withDefaults } from '../kvm/converge.ts';
import { edits } from './corpus-edits.ts';
import { embedded, folder } from './embed.ts';
import { withoutOwned } from './owned.ts';

const files = readdirSync(folder).map(file => file.replace('.xml', ''));

/** What libvirt says of a domain that is off: about its state, and its definition. */
interface Look {
  readonly info: string;
  readonly text: string;
}

/**
 * Every domain of the folder through every edit: what is not owned stays, libvirt's validation
 * accepts what it accepted before, and the second decision is ok. libvirt and QEMU are real; the
 * scripts of the modules are left to the tests next to this one, for each of them would start
 * several virsh.
 */
describe('every domain, through every edit', function () {
  this.timeout(240_000);
  const embed = embedded(files);
  const looks = new Map<string, Look>();
  /** Definitions as they are now: an edit starts from the look, and leaves behind what it made. */
  const stored = new Map<string, string>();
  const offers = new Map<string, Answer>();
  let limits: Answer;

  before(() => {
    const names = embed.virsh('list', '--all', '--name').trim().split('\n');
    assert.equal(names.length, files.length);
    const parts = splitAnswers(run({ domains: namedDomains(names, embed.uri) }).domains!.stdout);
    for (const [at, name] of names.entries()) looks.set(name, { info: parts[at * 3]!, text: parts[at * 3 + 1]! });
    for (const [name, { text }] of looks) stored.set(name, text.trim());
    limits = run({ host: hostLimits });
    for (const name of ['plain-q35', 'i686']) offers.set(name, run({ hyperv: hypervOffer(name, embed.uri) }));
  });

  it('would see a change to what is not owned', () => {
    const { text } = looks.get('ovirt')!;
    const spoiled = [text.replace("slots='16'", "slots='17'"), text.replace(/<lease>.*<\/lease>/s, '')];
    for (const other of [...spoiled, text.replace('ua-9a-1', 'ua-9a-2'), text.replace('>auto_resume<', '>kill<')]) {
      const [old, now] = [text, other].map(one => withoutOwned(domainOf(one, 'ovirt'), ['iothreads', 'clock']));
      assert.notEqual(old, now);
    }
  });

  it('has disks that disk-io keeps off, as they are not for QEMU and the kernel', () => {
    for (const [name, target, message] of [
      ['vhost-user', 'vdb', /disk vdb is a vhost-user disk, which cannot have cache$/],
      ['nvme-passthrough', 'vda', /disk vda is an NVMe device that QEMU drives by itself, which cannot have cache$/],
    ] as const) {
      const disks = { [target]: { cache: 'none', io: 'auto', discard: 'auto' } };
      const decision = decideNow(libvirtDiskIo, { name, uri: embed.uri, disks }, embed.place);
      assert.ok(decision.kind === 'refuse', JSON.stringify(decision));
      assert.match(decision.message, message);
    }
  });

  for (const edit of edits) {
    it(`${edit.kind}: ${edit.of.name}`, () => {
      const problems: string[] = [];
      const changed = new Map<string, { given: object; file: string; target: string }>();
      const refused: string[] = [];
      for (const [name, look] of looks) {
        const given = edit.given(domainOf(look.text, name));
        if (!given) continue;
        const decision = decide(edit.of, given, name, look);
        const expected = edit.refuses[name];
        if (decision.kind === 'refuse') {
          refused.push(name);
          if (!expected?.test(decision.message)) problems.push(`${name} is refused: ${decision.message}`);
        } else if (expected) problems.push(`${name} should be refused, and is ${decision.kind}`);
        if (decision.kind !== 'change') continue;
        const file = join(embed.directory, `candidate-${changed.size}.xml`);
        writeFileSync(file, String(decision.puts![0]!.content));
        changed.set(name, { given, file, target: String(decision.result?.target) });
      }
      const after = defined(changed);
      for (const [name, { file, given, target }] of changed) {
        const text = after.get(name);
        if (text === undefined) {
          problems.push(`${name}: ${whyNot(file)}`);
          continue;
        }
        const again = decide(edit.of, given, name, { ...looks.get(name)!, text });
        if (again.kind !== 'ok') problems.push(`${name} is not ok the second time: ${saidOf(again)}`);
        const before = domainOf(looks.get(name)!.text, name);
        const owns = typeof edit.owns === 'function' ? edit.owns(before, target) : edit.owns;
        const [old, now] = [before, domainOf(text, name)].map(one => withoutOwned(one, owns));
        if (old !== now) problems.push(`${name} lost or got what is not owned:\n${differing(old!, now!)}`);
      }
      assert.equal(problems.length, 0, `${problems.length} problems\n${problems.join('\n')}`);
      assert.ok(changed.size >= edit.atLeast, `only ${changed.size} domains were changed`);
      const stale = Object.keys(edit.refuses).filter(name => !refused.includes(name));
      assert.deepEqual(stale, [], 'expected to be refused, and not there');
    });
  }

  function run(asked: Parameters<typeof all>[0]): Answer {
    return runScript(all(asked).probe, embed.place, false);
  }

  function decide(of: AnyModule, given: object, name: string, { info, text }: Look): Decision {
    const args = withDefaults(of, {
      [of.name === 'libvirt_cdrom' ? 'domain' : 'name']: name,
      uri: embed.uri,
      ...given,
    });
    const said = [info, text, text, `${[...looks.keys()].join('\n')}\n`].join(`${virshMark}\n`);
    const offer = offers.get(name === 'i686' ? name : 'plain-q35');
    const answer = { ...limits, ...offer, domain: output(0, said), file: output(0) };
    const context = { files: {}, pending: [] };
    return of.decide(args, of.look(args, context).read(answer), context);
  }

  /** The definitions after all of these were defined; one that libvirt rejected is missing. */
  function defined(changed: ReadonlyMap<string, { file: string }>): ReadonlyMap<string, string> {
    const commands = [...changed].flatMap(([name, { file }]) => [
      `define ${file} --validate`,
      `dumpxml --inactive --security-info --domain ${name}`,
    ]);
    const texts = splitAnswers(embed.virsh(`${commands.join(`; echo '${virshMark}'; `)}; echo`));
    const accepted = [...changed.keys()]
      .map((name, at) => [name, texts[at * 2 + 1]!.trim()] as const)
      .filter(([name, text]) => text !== stored.get(name));
    for (const [name, text] of accepted) stored.set(name, text);
    return new Map(accepted);
  }

  function whyNot(file: string): string {
    try {
      return embed.virsh('define', file, '--validate');
    } catch (error) {
      return String(error).replaceAll(/^.*(info|warning) :.*\n/gm, '');
    }
  }
});

function domainOf(text: string, name: string): Element {
  return parseXml(text, 'domain', name).documentElement!;
}

function saidOf(decision: Decision): string {
  if (decision.kind === 'refuse') return decision.message;
  return `${decision.reason} ${decision.kind === 'change' ? JSON.stringify(decision.diff) : ''}`;
}

function differing(old: string, now: string): string {
  const [before, after] = [old.split('\n'), now.split('\n')];
  const gone = before.filter(line => !after.includes(line)).map(line => `- ${line}`);
  return [...gone, ...after.filter(line => !before.includes(line)).map(line => `+ ${line}`)].slice(0, 20).join('\n');
}
