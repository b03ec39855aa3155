import { type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import { checkDisks } from '../../host/domain/check-disks.ts';
import { disksOwn } from '../../host/domain/owns.ts';
import { backendRule } from '../../host/domain/rules-backends.ts';
import { readStorage, type Storage, storageSection } from '../../host/domain/storage.ts';
import { readUring, type Uring, uringSections } from '../../host/domain/uring.ts';
import { disksOf, domainOf } from '../../host/libvirt/domain-element.ts';
import { domainMissing, domainsSection, readDomains } from '../../host/libvirt/domain-state.ts';
import { attribute, child, type Element } from '../../host/libvirt/xml.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { type PresentDisk, resolveDisk, type Verdict } from './resolve.ts';
import { type Args, args, examples, returns } from './schema.ts';

interface State {
  readonly names: readonly string[];
  /** The disks of the definition by target; undefined where there is no domain of that name. */
  readonly disks: ReadonlyMap<string, Element> | undefined;
  readonly storage: readonly Storage[];
  /** undefined where io_uring is not asked for. */
  readonly uring: Uring | undefined;
}

/** Which of native, threads and io_uring suits the disks of a domain. Reads only. */
export const libvirtDiskIo = defineModule({
  name: 'libvirt_disk_io',
  summary: "Which of native, threads and io_uring suits a domain's disks, from where they lie.",
  description: `Looks at the definition and at where its disks lie, and returns the settings for
\`libvirt_domain\`; nothing is changed. For \`io: auto\` the first rule that knows decides, and is
named: \`explicit\` (you said it), \`no choice\` (a network disk), \`host cache\` (threads, unless
cache is none or directsync), \`allocation\` (threads for files with holes, or that get them by
discard=unmap), \`file system\` (threads on CIFS), \`matrix2016\` (that policy, where such storage
was measured) and \`modern\` (native; io_uring only if allowed, there, and not on LVM). The same
host and arguments always give the same answer.`,
  args,
  returns,
  examples,
  problems: checkDisks,
  // What it resolves is what libvirt_domain is then given: another task that sets it otherwise
  // would undo it.
  owns: disksOwn,
  probe: args =>
    script({
      ...domainsSection([args.name], args.uri),
      storage: storageSection(args.name, Object.keys(args.disks), args.uri),
      ...(asksForUring(args) ? uringSections(args.uri) : {}),
    }),
  read: (answer, args): State => {
    const { found, names } = readDomains(answer, [args.name]);
    const [domain] = found;
    if (!domain) return { names, disks: undefined, storage: [], uring: undefined };
    const uring = asksForUring(args) ? readUring(answer) : undefined;
    return { names, disks: disksOf(domainOf(domain.inactive)), storage: readStorage(answer), uring };
  },
  decide,
});

function asksForUring(args: Pick<Args, 'disks' | 'io_uring'>): boolean {
  return args.io_uring === 'allow' || Object.values(args.disks).some(disk => disk.io === 'io_uring');
}

function decide(args: Args, state: State): Decision<State> {
  if (!state.disks) return domainMissing(args.name, state.names);
  const verdicts: [string, Verdict][] = [];
  for (const [target, wanted] of Object.entries(args.disks)) {
    const element = state.disks.get(target);
    const storage = state.storage.find(one => one.target === target);
    if (!element || !storage) {
      const others = [...state.disks.keys()].join(', ') || 'none';
      return refusal(args, `has no disk ${target}`, `Its disks are ${others}.`, undefined);
    }
    const { io, discard, ...driver } = wanted;
    const chosen = { ...(io !== 'auto' && { io }), ...(discard !== 'auto' && { discard }) };
    const backend = backendRule(target, element, { ...driver, ...chosen });
    if (backend) return refusal(args, backend.message, backend.advice, undefined);
    const verdict = resolveDisk(wanted, presentDisk(element, storage), args, state.uring);
    if ('message' in verdict) {
      return refusal(args, `disk ${target} ${verdict.message}`, verdict.advice, storage.present ? undefined : storage);
    }
    verdicts.push([target, verdict]);
  }
  const settings = verdicts.map(([target, { discard, io }]) => {
    const { discard: _, io: __, ...rest } = args.disks[target]!;
    return [target, { ...rest, ...(io && { io }), ...(discard !== undefined && { discard }) }];
  });
  const disks = verdicts.map(([target, { discard: _, io, ...rest }]) => [target, { ...(io && { io }), ...rest }]);
  return ok('is resolved', {
    result: {
      settings: Object.fromEntries(settings),
      disks: Object.fromEntries(disks),
      explanation: verdicts.map(
        ([target, { io, rule, why }]) => `${args.name} ${target}: io ${io ?? 'as it is'} by the rule "${rule}": ${why}`,
      ),
    },
  });
}

function presentDisk(element: Element, storage: Storage): PresentDisk {
  const driver = child(element, 'driver');
  return {
    format: attribute(driver, 'type') ?? 'raw',
    cache: attribute(driver, 'cache'),
    discard: attribute(driver, 'discard'),
    storage,
  };
}

function refusal(args: Args, message: string, advice: string, missing: Storage | undefined): Refuse {
  const needs = missing?.source ? [{ kind: 'path' as const, name: missing.source }] : [];
  return refuse(`domain ${args.name} ${message}`, advice, { ...(needs.length > 0 && { needs }) });
}
