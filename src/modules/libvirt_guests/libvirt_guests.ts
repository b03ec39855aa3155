import { ok } from '../../decision.ts';
import { nameOf } from '../../host/libvirt/domain-element.ts';
import { pendingRestart } from '../../host/libvirt/pending-restart.ts';
import { defineModule } from '../module.ts';
import { describeDomain, partsOf } from './describe.ts';
import { guestsOnHost } from './guests-on-host.ts';
import { args, examples, returns } from './schema.ts';

/** Reads only: what the guests of a host are, as they are defined and as they run. */
export const libvirtGuests = defineModule({
  name: 'libvirt_guests',
  summary: 'The guests of a host: what is configured, what runs, and what waits for a restart.',
  description: `Changes nothing. For every guest: its vCPUs, memory, I/O threads and disks; each
part that the other modules tune, as it is defined and as it runs; and the condition
\`guest-restart\` where the two differ. With \`processes: true\` (root only) also what the kernel
shows of its QEMU: threads and the CPUs that they may use, huge pages by node, files that were
opened past the page cache, and the arguments that it runs with, next to those that libvirt would
start it with now.`,
  args,
  returns,
  examples,
  look: guestsOnHost,
  decide: (_, { guests, processes, natives }) =>
    ok(guests.length === 1 ? 'one guest' : `${guests.length} guests`, {
      pending: guests.flatMap(({ definition, live }) => pendingRestart(nameOf(definition), definition, live)),
      result: {
        guests: guests.map(({ definition, live, saved }) => {
          const name = nameOf(definition);
          return {
            name,
            runs: live !== undefined,
            saved,
            ...describeDomain(definition),
            parts: partsOf(definition, live),
            process: processes.get(name) ?? null,
            would_start: natives.get(name) ?? null,
          };
        }),
      },
    }),
});
