import { ok } from '../../decision.ts';
import { allDomains, domainDocuments } from '../../host/libvirt/all-domains.ts';
import { domainOf } from '../../host/libvirt/domain-element.ts';
import { pendingRestart } from '../../host/libvirt/pending-restart.ts';
import { virsh } from '../../host/libvirt/virsh.ts';
import { attribute, child, type Element, textOf } from '../../host/libvirt/xml.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { describeDomain, nameOf, partsOf } from './describe.ts';
import { type Process, processSections, readNatives, readProcesses } from './process.ts';
import type { QemuArguments } from './qemu-arguments.ts';
import { args, examples, returns } from './schema.ts';

interface Guest {
  readonly definition: Element;
  readonly live: Element | undefined;
  /** A saved image, which the next start takes instead of the definition. */
  readonly saved: boolean;
}

interface State {
  readonly guests: readonly Guest[];
  readonly processes: ReadonlyMap<string, Process>;
  readonly natives: ReadonlyMap<string, QemuArguments | string>;
}

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
  probe: ({ processes, uri }) =>
    script({ documents: allDomains(uri, 'every document'), ...(processes ? processSections(virsh(uri)) : {}) }),
  read(answer, { processes }): State {
    const documents = domainDocuments(answer, 'documents').map(domainOf);
    const byId = Map.groupBy(documents, domain => textOf(child(domain, 'uuid')));
    const guests = [...byId.values()].map(([definition, other, saved]) => ({
      definition: definition!,
      // libvirt numbers the domains that run; of one that is off, both documents are the
      // definition.
      live: attribute(other, 'id') === undefined ? undefined : other,
      saved: saved !== undefined,
    }));
    const look = processes && guests.length > 0;
    return {
      guests: guests.toSorted((a, b) => (nameOf(a.definition) < nameOf(b.definition) ? -1 : 1)),
      processes: look ? readProcesses(answer) : new Map(),
      natives: look ? readNatives(answer) : new Map(),
    };
  },
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
