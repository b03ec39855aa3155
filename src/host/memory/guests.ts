import { all, type Look, look, own, sectionsOf } from '../../shell/look.ts';
import type { ShellText } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';
import { allDomains, domainDocuments } from '../libvirt/all-domains.ts';
import { domainOf } from '../libvirt/domain-element.ts';
import { boundNodesOf } from '../libvirt/guest-memory.ts';
import { bytesOf } from '../libvirt/memory-size.ts';
import { at, child, type Element, textOf } from '../libvirt/xml.ts';

/** A guest that runs, or starts with the host. */
export interface Guest {
  readonly name: string;
  /** Bytes. */
  readonly memory: number;
  readonly onHugePages: boolean;
  /** The only node that its memory may come from, where there is one. */
  readonly node: number | undefined;
}

/** Guests that run, or start with the host; none where there is no libvirt. @throws CannotTell */
export function guests(uri: string): Look<readonly Guest[]> {
  const text = allDomains(uri, 'definitions of those that run or start with the host');
  return look({ [own]: text }, answer => domainDocuments(answer, own).map(document => guestOf(domainOf(document))));
}

/** The section of {@link guests}. */
export function guestSection(uri: string): Readonly<Record<string, ShellText>> {
  return sectionsOf(all({ guests: guests(uri) }));
}

/** Reads the answer of {@link guestSection}. @throws CannotTell */
export function readGuests(answer: Answer): readonly Guest[] {
  return all({ guests: guests('') }).read(answer).guests;
}

function guestOf(domain: Element): Guest {
  const [node, ...others] = boundNodesOf(domain) ?? [];
  return {
    name: textOf(child(domain, 'name')),
    memory: bytesOf(child(domain, 'memory')) ?? 0,
    onHugePages: at(domain, 'memoryBacking', 'hugepages') !== undefined,
    node: others.length === 0 ? node : undefined,
  };
}
