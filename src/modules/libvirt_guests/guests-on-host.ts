import { domains } from '../../host/libvirt/all-domains.ts';
import { nameOf } from '../../host/libvirt/domain-element.ts';
import { attribute, child, type Element, textOf } from '../../host/libvirt/xml.ts';
import { all, type Look, later, map } from '../../shell/look.ts';
import { natives, type Process, processes } from './process.ts';
import type { QemuArguments } from './qemu-arguments.ts';

interface Guest {
  readonly definition: Element;
  readonly live: Element | undefined;
  /** A saved image, which the next start takes instead of the definition. */
  readonly saved: boolean;
}

interface GuestsOnHost {
  readonly guests: readonly Guest[];
  /** By the names of guests, both; empty where they are not asked for. */
  readonly processes: ReadonlyMap<string, Process>;
  readonly natives: ReadonlyMap<string, QemuArguments | string>;
}

/**
 * All guests, and what the kernel shows of their QEMU where that is asked for.
 * @throws CannotTell
 */
export function guestsOnHost(args: { readonly processes: boolean; readonly uri: string }): Look<GuestsOnHost> {
  const looks = all({
    documents: domains(args.uri, 'every document'),
    qemu: args.processes ? later(all({ processes, natives: natives(args.uri) })) : undefined,
  });
  return map(looks, ({ documents, qemu }) => {
    const guests = guestsIn(documents);
    const none = { processes: new Map(), natives: new Map() };
    return { guests, ...(qemu && guests.length > 0 ? qemu() : none) };
  });
}

function guestsIn(documents: readonly Element[]): readonly Guest[] {
  const byId = Map.groupBy(documents, domain => textOf(child(domain, 'uuid')));
  const guests = [...byId.values()].flatMap(([definition, other, saved]) => {
    // libvirt numbers the domains that run; of one that is off, both documents are the definition.
    const live = attribute(other, 'id') === undefined ? undefined : other;
    return definition ? [{ definition, live, saved: saved !== undefined }] : [];
  });
  return guests.toSorted((a, b) => (nameOf(a.definition) < nameOf(b.definition) ? -1 : 1));
}
