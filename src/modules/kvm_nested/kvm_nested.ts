import { type ChangePart, storedAndLive } from '../../decision.ts';
import type { Pending } from '../../events/result.ts';
import { edited } from '../../host/lines/decide.ts';
import { textFile } from '../../host/lines/text.ts';
import { optionsText } from '../../host/modprobe/files.ts';
import { sameParameter } from '../../host/modprobe/parameters.ts';
import { all } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { type Kind, kvm } from './processor.ts';
import { noVirtualisation, refusalOf } from './refuse.ts';
import { args, examples, returns } from './schema.ts';

/**
 * `zz`: packages bring files with the same option (qemu-system-x86.conf), and the last file wins.
 */
const path = '/etc/modprobe.d/zz-hostwright-kvm.conf';

/** Whether guests may be hypervisors. */
export const kvmNested = defineModule({
  name: 'kvm_nested',
  summary: 'Whether guests can be hypervisors themselves.',
  description: `Owns the option \`nested\` of kvm_intel or kvm_amd, whichever the processor needs,
in ${path}, and compares it with the loaded module. A loaded module keeps its options. Where
nothing uses it (no virtual machine runs) it is unloaded and loaded again, and the kernel itself
refuses to unload it should one have started; else the task announces \`reboot\` as pending. It
does not load what is not loaded: that is for \`modprobe\`.`,
  args,
  returns,
  examples,
  owns: args => [{ subject: 'KVM', attribute: 'nested', value: String(args.nested) }],
  look: () => all({ kvm, file: textFile(path) }),
  decide(args, { kvm, file }) {
    if (!kvm) return noVirtualisation;
    const { kind, live, nested, users } = kvm;
    const wanted = args.nested ? '1' : '0';
    const refused = refusalOf(kvm, wanted);
    if (refused) return refused;
    const stored = edited(file, live === 'builtin' ? file.text : optionsText(file.text, kind, `nested=${wanted}`));
    if (stored.kind === 'refuse') return stored;
    const stale = nested !== undefined && !sameParameter(nested, wanted);
    const reload = stale && users === 0;
    const reason = `${kind} is loaded with nested=${nested}, and ${users} use it`;
    const pending: readonly Pending[] = stale && !reload ? [{ kind: 'reboot', reason }] : [];
    const differs = (file: boolean, loaded: boolean) =>
      [file && 'the stored option differs', loaded && 'the loaded module differs'].filter(Boolean).join(', ');
    return storedAndLive(differs, {
      first: 'stored',
      // No file reaches what is built in.
      stored: live === 'builtin' ? undefined : stored,
      live: reload ? reloadModule(kind, nested, wanted) : undefined,
      same: pending.length > 0 ? 'is stored, and waits for a reboot' : 'is so already',
      pending,
      result: { module: kind, users },
    });
  },
});

/**
 * Loads it again, unless somebody uses it by now. rmmod takes this module alone: kvm below it keeps
 * what was set in /sys.
 */
function reloadModule(kind: Kind, before: string, after: string): ChangePart {
  return {
    diff: [{ subject: `${kind} (live)`, before: `nested=${before}\n`, after: `nested=${after}\n` }],
    guard: script({ unused: sh`[ "$(cat ${`/sys/module/${kind}/refcnt`})" = 0 ] || exit 75` }),
    apply: script({ reload: sh`rmmod ${kind} && modprobe ${kind}` }),
    alters: [{ kind: 'kernel-module', name: kind }],
  };
}
