import { commandLine } from '../../host/boot/command-line.ts';
import { CannotTell } from '../../shell/answer.ts';
import { all, type Look, map, printed } from '../../shell/look.ts';
import { raw } from '../../shell/quote.ts';

/** The module of the kernel that a processor needs. */
export type Kind = 'kvm_intel' | 'kvm_amd';

/** What is seen of that module. */
export interface Kvm {
  readonly kind: Kind;
  readonly live: 'loaded' | 'builtin' | 'unloaded';
  /** The parameter as the kernel prints it; undefined where the module is not loaded. */
  readonly nested: string | undefined;
  /** How many use the module: each virtual machine is one. */
  readonly users: number;
  /** What the kernel's command line says about it; undefined where it says nothing. */
  readonly commandLine: string | undefined;
}

/** The module for this processor; undefined where it has no virtualisation. @throws CannotTell */
export const kvm: Look<Kvm | undefined> = map(
  all({
    cpu: printed('grep', raw("grep -m 1 '^flags' /proc/cpuinfo"), [0, 1]),
    live: printed(
      'The look at the module',
      raw(`for m in kvm_intel kvm_amd; do
  if [ -e /sys/module/$m/initstate ]; then \
echo "$m loaded $(cat /sys/module/$m/parameters/nested) $(cat /sys/module/$m/refcnt)"
  elif [ -d /sys/module/$m ]; then echo "$m builtin $(cat /sys/module/$m/parameters/nested) 0"
  fi
done`),
    ),
    commandline: commandLine,
  }),
  ({ cpu, live, commandline }) => {
    const flags = cpu.split(/\s+/);
    const kind = flags.includes('vmx') ? 'kvm_intel' : flags.includes('svm') ? 'kvm_amd' : undefined;
    if (kind === undefined) return undefined;
    const said = commandline.findLast(token => token.replaceAll('-', '_').startsWith(`${kind}.nested=`));
    return { kind, ...readModule(kind, live), commandLine: said?.slice(said.indexOf('=') + 1) };
  },
);

/** @throws CannotTell */
function readModule(kind: Kind, text: string): Pick<Kvm, 'live' | 'nested' | 'users'> {
  const lines = text.split('\n').map(line => line.split(' '));
  const fields = lines.find(([name]) => name === kind);
  if (!fields) return { live: 'unloaded', nested: undefined, users: 0 };
  const [, live, nested = '', users = 0] = fields;
  if (!/^[01YN]$/.test(nested)) {
    throw new CannotTell(`the kernel says of ${kind} what cannot be read: ${fields.join(' ')}`);
  }
  return { live: live === 'builtin' ? 'builtin' : 'loaded', nested, users: Number(users) };
}
