import { ok, refuse } from '../../decision.ts';
import { boot } from '../../host/boot/loader.ts';
import { domains } from '../../host/libvirt/all-domains.ts';
import { domainMissing } from '../../host/libvirt/domain-state.ts';
import { pages } from '../../host/memory/pages.ts';
import { all, map, type Seen } from '../../shell/look.ts';
import { defineModule } from '../module.ts';
import { guestOf, type PlannedGuest } from './guest.ts';
import { type PlanHost, planCpus } from './plan.ts';
import { roomOf, without } from './room.ts';
import { type Args, args, examples, returns } from './schema.ts';
import { cores } from './topology.ts';

/** A plan of which guest runs on which CPUs. Reads only. */
export const libvirtCpuPlan = defineModule({
  name: 'libvirt_cpu_plan',
  summary: 'A plan of pins for guests, from the topology of the host.',
  description: `Reads the topology and the definitions, and returns a plan; nothing is changed.
Guests get whole cores, so that no two of them share one; the first core of each NUMA node stays
with the host, for its own work, QEMU and I/O threads. Guests are placed in the order of
\`domains\`; one that is pinned validly keeps its pins. CPUs that other domains are pinned to are
left out. The same host and arguments always give the same plan.

With \`numa: strict\` a guest goes to a node that has its memory as well: as many huge pages as it
needs, in the pool or made by the next boot, or plain memory, less what guests before it and guests
bound to that node are defined with.`,
  args,
  returns,
  examples,
  look: lookAtHost,
  decide(args, state) {
    const known = state.guests.map(guest => guest.name);
    const missing = args.domains.find(name => !known.includes(name));
    if (missing !== undefined) return domainMissing(missing, known);
    const planned = args.domains.flatMap(name => state.guests.find(guest => guest.name === name) ?? []);
    const others = state.guests.filter(guest => !args.domains.includes(guest.name));
    const plan = planCpus(args, hostOf(state, others), planned);
    return 'refusal' in plan
      ? refuse(plan.refusal, plan.advice ?? fewerCpus, { needs: plan.needs ?? [] })
      : ok('is planned', { result: { ...plan } });
  },
});

/** The topology and all definitions; what the nodes have, unless memory may come from anywhere. */
function lookAtHost({ numa, uri }: Args) {
  const memory = map(all({ pages, boot }), seen => roomOf(seen.pages, seen.boot.entries[0] ?? []));
  return all({
    cores,
    guests: map(domains(uri, 'definitions'), found => found.map(guestOf)),
    room: numa === 'none' ? undefined : memory,
  });
}

const fewerCpus = 'Plan fewer guests or vCPUs, use smt: pair, numa: interleave or overcommit: true, or pin by hand.';

function hostOf({ cores, room }: Seen<ReturnType<typeof lookAtHost>>, others: readonly PlannedGuest[]): PlanHost {
  const bound = others.filter(guest => guest.memoryNodes);
  return {
    cores,
    others: others.flatMap(guest => [...guest.pins.values()].flat()),
    // One node has all there is: to bind a guest to it changes nothing.
    room:
      room && room.size > 1
        ? bound.reduce((left, guest) => without(left, guest.memoryNodes ?? [], guest.memory), room)
        : undefined,
  };
}
