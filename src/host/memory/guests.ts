import { type Look, map } from '../../shell/look.ts';
import { domains } from '../libvirt/all-domains.ts';
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
  return map(domains(uri, 'definitions of those that run or start with the host'), found => found.map(guestOf));
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
