import { type Decision, type Refuse, refuse, storedAndLive } from '../../decision.ts';
import type { Pending } from '../../events/result.ts';
import { splitTokens } from '../../host/boot/tokens.ts';
import { contentOfText } from '../../host/file/content.ts';
import { probeGoal } from '../../host/file/goal.ts';
import { decideReplace } from '../../host/file/replace.ts';
import { largestText, readText, type TextGoal } from '../../host/lines/text.ts';
import { optionsText } from '../../host/modprobe/files.ts';
import { sameParameter } from '../../host/modprobe/parameters.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { raw, type ShellText, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { type Args, args, examples, returns } from './schema.ts';

type Kind = 'kvm_intel' | 'kvm_amd';

interface State {
  /** The module for this processor; undefined where it has no virtualisation. */
  readonly kind: Kind | undefined;
  readonly live: 'loaded' | 'builtin' | 'unloaded';
  /** The parameter as the kernel prints it; undefined where the module is not loaded. */
  readonly nested: string | undefined;
  /** How many use the module: each virtual machine is one. */
  readonly users: number;
  /** What the kernel's command line says about it; undefined where it says nothing. */
  readonly commandLine: string | undefined;
  readonly file: TextGoal;
}

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
  probe: () =>
    script({
      cpu: raw("grep -m 1 '^flags' /proc/cpuinfo"),
      live: raw(`for m in kvm_intel kvm_amd; do
  if [ -e /sys/module/$m/initstate ]; then echo "$m loaded $(cat /sys/module/$m/parameters/nested) $(cat /sys/module/$m/refcnt)"
  elif [ -d /sys/module/$m ]; then echo "$m builtin $(cat /sys/module/$m/parameters/nested) 0"
  fi
done`),
      commandline: raw('cat /proc/cmdline'),
      ...probeGoal(path, { most: largestText }),
    }),
  read,
  decide,
});

/** @throws CannotTell */
function read(answer: Parameters<typeof readText>[0]): State {
  const flags = accept(answer, 'cpu', [0, 1], 'grep').stdout.split(/\s+/);
  const kind = flags.includes('vmx') ? 'kvm_intel' : flags.includes('svm') ? 'kvm_amd' : undefined;
  const lines = accept(answer, 'live', [0], 'The look at the module').stdout.split('\n');
  const fields = lines.map(line => line.split(' ')).find(([name]) => name === kind);
  if (fields && !/^[01YN]$/.test(fields[2] ?? '')) {
    throw new CannotTell(`the kernel says of ${kind} what cannot be read: ${fields.join(' ')}`);
  }
  const tokens = splitTokens(accept(answer, 'commandline', [0], 'cat').stdout);
  const said = tokens.findLast(token => token.replaceAll('-', '_').startsWith(`${kind}.nested=`));
  return {
    kind,
    live: fields === undefined ? 'unloaded' : fields[1] === 'builtin' ? 'builtin' : 'loaded',
    nested: fields?.[2],
    users: Number(fields?.[3] ?? 0),
    commandLine: said?.slice(said.indexOf('=') + 1),
    file: readText(answer),
  };
}

function decide(args: Args, state: State): Decision<State> {
  const { kind, live, nested, users } = state;
  if (kind === undefined) return noVirtualisation;
  const wanted = args.nested ? '1' : '0';
  const refused = refusalOf(kind, state, wanted);
  if (refused) return refused;
  const file = decideReplace(state.file.goal, contentOfText(textOf(kind, state, wanted)), {}, {});
  if (file.kind === 'refuse') return file;
  const stale = nested !== undefined && !sameParameter(nested, wanted);
  const reload = stale && users === 0;
  const pending: readonly Pending[] =
    stale && !reload
      ? [{ kind: 'reboot', reason: `${kind} is loaded with nested=${nested}, and ${users} use it` }]
      : [];
  const reason = (stored: boolean, loaded: boolean) =>
    [stored && 'the stored option differs', loaded && 'the loaded module differs'].filter(Boolean).join(', ');
  return storedAndLive(reason, {
    first: 'stored',
    // No file reaches what is built in.
    stored: live === 'builtin' ? undefined : file,
    live: reload
      ? {
          diff: [{ subject: `${kind} (live)`, before: `nested=${nested}\n`, after: `nested=${wanted}\n` }],
          guard: script({ unused: unusedStill(kind) }),
          apply: script({ reload: reloadModule(kind) }),
          alters: [{ kind: 'kernel-module', name: kind }],
        }
      : undefined,
    same: pending.length > 0 ? 'is stored, and waits for a reboot' : 'is so already',
    pending,
    result: { module: kind, users },
  });
}

function textOf(kind: Kind, { file, live }: State, wanted: string): string {
  return live === 'builtin' ? file.text : optionsText(file.text, kind, `nested=${wanted}`);
}

const noVirtualisation: Refuse = refuse(
  'the processor has no virtualisation (neither vmx nor svm)',
  'Switch VT-x or AMD-V on in the firmware; in a virtual machine its hypervisor must pass it on.',
);

function refusalOf(kind: Kind, { commandLine, live, nested }: State, wanted: string): Refuse | undefined {
  if (commandLine !== undefined && !sameParameter(commandLine, wanted)) {
    return refuse(
      `the kernel's command line says ${kind}.nested=${commandLine}, which is stronger than any file`,
      `Give it there: kernel_cmdline with parameters {${kind}.nested: ${wanted}}, or take it out first.`,
    );
  }
  if (live !== 'builtin' || sameParameter(nested!, wanted)) return undefined;
  return refuse(
    `${kind} is built into the kernel, with nested=${nested}`,
    `Files in /etc/modprobe.d do not reach it. Use kernel_cmdline with parameters {${kind}.nested: ${wanted}}.`,
  );
}

function unusedStill(kind: Kind): ShellText {
  return sh`[ "$(cat ${`/sys/module/${kind}/refcnt`})" = 0 ] || exit 75`;
}

/** rmmod takes this module alone: kvm below it keeps what was set in /sys. */
function reloadModule(kind: Kind): ShellText {
  return sh`rmmod ${kind} && modprobe ${kind}`;
}
