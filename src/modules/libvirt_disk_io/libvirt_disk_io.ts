import { ok } from '../../decision.ts';
import { checkDisks } from '../../host/domain/check-disks.ts';
import { disksOwn } from '../../host/domain/owns.ts';
import { defineModule } from '../module.ts';
import { disksOnHost } from './disks.ts';
import { args, examples, returns } from './schema.ts';
import { type Resolved, settingOf, verdictOf } from './verdict.ts';

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
