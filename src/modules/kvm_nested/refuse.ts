import { type Refuse, refuse } from '../../decision.ts';
import { sameParameter } from '../../host/modprobe/parameters.ts';
import type { Kvm } from './processor.ts';

/** The host cannot have virtual machines at all. */
export const noVirtualisation: Refuse = refuse(
  'the processor has no virtualisation (neither vmx nor svm)',
  'Switch VT-x or AMD-V on in the firmware; in a virtual machine its hypervisor must pass it on.',
);

/** No file decides about the option: the command line does, or the kernel that has it built in. */
export function refusalOf({ kind, commandLine, live, nested }: Kvm, wanted: string): Refuse | undefined {
  if (commandLine !== undefined && !sameParameter(commandLine, wanted)) {
    return refuse(
      `the kernel's command line says ${kind}.nested=${commandLine}, which is stronger than any file`,
      `Give it there: kernel_cmdline with parameters {${kind}.nested: ${wanted}}, or take it out first.`,
    );
  }
  if (live !== 'builtin' || nested === undefined || sameParameter(nested, wanted)) return undefined;
  return refuse(
    `${kind} is built into the kernel, with nested=${nested}`,
    `Files in /etc/modprobe.d do not reach it. Use kernel_cmdline with parameters {${kind}.nested: ${wanted}}.`,
  );
}
