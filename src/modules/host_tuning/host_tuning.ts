import { ok } from '../../decision.ts';
import type { Pending } from '../../events/result.ts';
import type { Part } from '../../host/tuning/part.ts';
import { all } from '../../shell/look.ts';
import { defineModule } from '../module.ts';
import { kernelParts } from './kernel-parts.ts';
import { machineParts } from './machine-parts.ts';
import { args, examples, returns } from './schema.ts';
import { storageParts } from './storage-parts.ts';

/** Reads only: what of a hypervisor is tuned, as it is stored and as it is. */
export const hostTuning = defineModule({
  name: 'host_tuning',
  summary: 'What of a hypervisor is tuned: what is configured, what is live, and what waits for a reboot.',
  description: `Changes nothing. Looks at the kernel's command line (of the next boot and of this
one), sysctl, transparent huge pages and KSM, huge pages, isolated CPUs and the CPUs of slices, the
queues of disks, volume groups, volumes and thin pools, NFS, virtual functions, the profile of
tuned and the governor. A parameter of the kernel that the next boot has and this one has not is
the condition \`reboot\`.`,
  args,
  returns,
  examples,
  look: () => all({ kernel: kernelParts, machine: machineParts, storage: storageParts }),
  decide(_, { kernel, machine, storage }) {
    const parts = [...kernel, ...machine, ...storage];
    const pending = rebootFor(parts.filter(({ waits }) => waits === 'reboot'));
    return ok(`${parts.length} settings`, { pending, result: { parts } });
  },
});

function rebootFor(parts: readonly Part[]): readonly Pending[] {
  if (parts.length === 0) return [];
  const names = parts.map(({ part }) => part.replace('kernel parameter ', '')).join(', ');
  return [{ kind: 'reboot', reason: `the next boot has other kernel parameters: ${names}` }];
}
