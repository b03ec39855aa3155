import type { ShellText } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';
import { allDomains, domainDocuments } from '../libvirt/all-domains.ts';
import { domainOf } from '../libvirt/domain-element.ts';
import { boundNodesOf } from '../libvirt/guest-memory.ts';
import { bytesOf } from '../libvirt/memory-size.ts';
import { at, child, textOf } from '../libvirt/xml.ts';

/** A guest that runs, or starts with the host. */
export interface Guest {
  readonly name: string;
  /** Bytes. */
  readonly memory: number;
  readonly onHugePages: boolean;
  /** The only node that its memory may come from, where there is one. */
  readonly node: number | undefined;
}

/**
 * Probe section that prints the definition of every guest that runs or starts with the host; 3
 * where there is no libvirt.
 */
export function guestSection(uri: string): Readonly<Record<'guests', ShellText>> {
  return { guests: allDomains(uri, 'definitions of those that run or start with the host') };
}

/** @throws CannotTell */
export function readGuests(answer: Answer): readonly Guest[] {
  return domainDocuments(answer, 'guests').map(document => {
    const domain = domainOf(document);
    const nodes = boundNodesOf(domain);
    return {
      name: textOf(child(domain, 'name')),
      memory: bytesOf(child(domain, 'memory')) ?? 0,
      onHugePages: at(domain, 'memoryBacking', 'hugepages') !== undefined,
      node: nodes?.length === 1 ? nodes[0] : undefined,
    };
  });
}
