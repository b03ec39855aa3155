import { ok, type Refuse, refuse } from '../../decision.ts';
import { checkDisks } from '../../host/domain/check-disks.ts';
import type { Illegal } from '../../host/domain/illegal.ts';
import { disksOwn } from '../../host/domain/owns.ts';
import { backendRule } from '../../host/domain/rules-backends.ts';
import type { Storage } from '../../host/domain/storage.ts';
import { attribute, child, type Element } from '../../host/libvirt/xml.ts';
import { defineModule } from '../module.ts';
import { type Disks, disksOnHost } from './disks.ts';
import { type PresentDisk, resolveDisk, type Verdict } from './resolve.ts';
import { type Args, args, examples, returns } from './schema.ts';

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
  look: disksOnHost,
  decide(args, state) {
    if ('kind' in state) return state;
    const resolved: Resolved[] = [];
    for (const [target, wanted] of Object.entries(args.disks)) {
      const verdict = verdictOf(args, state, { target, wanted });
      if ('kind' in verdict) return verdict;
      resolved.push({ target, wanted, verdict });
    }
    return ok('is resolved', {
      result: {
        settings: Object.fromEntries(resolved.map(settingOf)),
        disks: Object.fromEntries(
          resolved.map(({ target, verdict: { discard: _, io, ...rest } }) => [target, { ...(io && { io }), ...rest }]),
        ),
        explanation: resolved.map(
          ({ target, verdict: { io, rule, why } }) =>
            `${args.name} ${target}: io ${io ?? 'as it is'} by the rule "${rule}": ${why}`,
        ),
      },
    });
  },
});

interface Wanted {
  readonly target: string;
  readonly wanted: Args['disks'][string];
}

interface Resolved extends Wanted {
  readonly verdict: Verdict;
}

function verdictOf(args: Args, state: Exclude<Disks, Refuse>, { target, wanted }: Wanted): Verdict | Refuse {
  const element = state.disks.get(target);
  const storage = state.storage.find(one => one.target === target);
  if (!element || !storage) {
    const others = [...state.disks.keys()].join(', ') || 'none';
    return refusal(args, { message: `has no disk ${target}`, advice: `Its disks are ${others}.` });
  }
  const { io, discard, ...driver } = wanted;
  const chosen = { ...(io !== 'auto' && { io }), ...(discard !== 'auto' && { discard }) };
  const backend = backendRule(target, element, { ...driver, ...chosen });
  if (backend) return refusal(args, backend);
  const verdict = resolveDisk(wanted, presentDisk(element, storage), { ...args, uring: state.uring });
  if (!('message' in verdict)) return verdict;
  const { message, advice } = verdict;
  return refusal(args, { message: `disk ${target} ${message}`, advice }, storage.present ? '' : storage.source);
}

function settingOf({ target, verdict: { discard, io }, wanted }: Resolved) {
  const { discard: _, io: __, ...rest } = wanted;
  return [target, { ...rest, ...(io && { io }), ...(discard !== undefined && { discard }) }] as const;
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

function refusal({ name }: Args, { advice, message }: Illegal, missing = ''): Refuse {
  const needs = missing === '' ? {} : { needs: [{ kind: 'path' as const, name: missing }] };
  return refuse(`domain ${name} ${message}`, advice, needs);
}
