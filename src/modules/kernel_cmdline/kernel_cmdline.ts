import { type Decision, ok } from '../../decision.ts';
import type { Pending, ReplacedParameters } from '../../events/result.ts';
import { leavingParameters } from '../../host/boot/foretold.ts';
import { nameOf, pick, sameTokens, type Token } from '../../host/boot/tokens.ts';
import { defineModule } from '../module.ts';
import { changeGrub } from './change-grub.ts';
import { changeGrubby } from './change-grubby.ts';
import { type BootState, bootState } from './look.ts';
import { sizeMissing } from './page-sizes.ts';
import { ownedBy, owns, problems } from './parameters.ts';
import { type Args, args, examples, returns } from './schema.ts';
import { bootedOtherwise, setByTuned, unsupported } from './unsupported.ts';

/** Single parameters of the kernel's command line. */
export const kernelCmdline = defineModule({
  name: 'kernel_cmdline',
  summary: "Parameters of the kernel's command line, for the next boot.",
  description: `Owns the parameters that are named; all others, and their order, stay. On Debian
and Ubuntu they are in a drop-in of their own, /etc/default/grub.d/zz-hostwright.cfg, and the
user's files are never edited (a parameter that they set to something else is refused, with file
and line); in the RHEL family grubby sets them for all kernels. Other boot loaders are recognised
and refused with advice.

Compares what is configured, what the boot entry has, and what the running kernel has. It never
reboots: where only the running kernel differs, the task is ok and announces \`reboot\` as pending.
Recovery entries do not get the parameters, so that a host that cannot boot with them can be
repaired.`,
  args,
  returns,
  examples,
  problems,
  owns,
  look: args => bootState(ownedBy(args).wanted),
  decide,
});

function decide(args: Args, state: BootState): Decision<BootState> {
  const { boot, grub, pageSizes } = state;
  const owned = ownedBy(args);
  const { names, wanted } = owned;
  if (boot.loader !== 'grub' && boot.loader !== 'grubby') return unsupported(boot.loader);
  const useless = bootedOtherwise(boot) ?? setByTuned(boot, names) ?? sizeMissing(wanted, pageSizes);
  if (useless) return useless;
  const live = pick(boot.live, names);
  const pending = sameTokens(live, wanted) ? [] : [rebootFor(args)];
  const inEntries = boot.entries.length > 0 && boot.entries.every(entry => sameTokens(pick(entry, names), wanted));
  const inSettings = sameTokens(pick(grub.all, names), wanted);
  const result = { parameters: [...wanted], live: [...live] };
  if (inEntries && (inSettings || boot.loader === 'grubby')) {
    const reason = pending.length === 0 ? 'is so already' : 'is configured already, and waits for a reboot';
    return ok(reason, { pending, result });
  }
  const decision = boot.loader === 'grubby' ? changeGrubby(boot, owned) : changeGrub(state, owned, inEntries);
  if (decision.kind !== 'change') return decision;
  const [entry = []] = boot.entries;
  const before = pick(boot.loader === 'grubby' ? entry : grub.all, names);
  const replaces = sameTokens(before, wanted) ? [] : [replacedBy(names, before)];
  return { ...decision, pending, result, replaces, leaves: leavingParameters(boot.entries, owned) };
}

function rebootFor(args: Args): Pending {
  const absent = (args.absent ?? []).map(key => `(no ${key})`);
  return { kind: 'reboot', reason: `kernel parameters ${[...ownedBy(args).wanted, ...absent].join(' ')}` };
}

/** The parameters that a task sets, as they were configured. */
function replacedBy(names: readonly string[], before: readonly Token[]): ReplacedParameters {
  const set = new Set(before.map(nameOf));
  return { kind: 'kernel parameters', parameters: before, absent: names.filter(name => !set.has(name)) };
}
