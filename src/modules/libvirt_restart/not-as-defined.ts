import { domainOf } from '../../host/libvirt/domain-element.ts';
import type { DomainState } from '../../host/libvirt/domain-state.ts';
import { pendingRestart } from '../../host/libvirt/pending-restart.ts';
import { sameMachine } from './machine.ts';

/** What does not run with the definition that it was to be started with. */
export function notAsDefined(before: readonly DomainState[], after: readonly DomainState[]): string | undefined {
  for (const { name, inactive } of before) {
    const now = after.find(domain => domain.name === name);
    if (now?.state !== 'running') return `${name} is ${now?.state ?? 'gone'}`;
    // A start may fill in what the definition leaves open, so that its text is another one.
    if (!sameMachine(domainOf(inactive), domainOf(now.inactive))) return `${name} has another definition`;
    const waits = pendingRestart(name, domainOf(now.inactive), now.live && domainOf(now.live));
    if (waits[0]) return `${name} still waits for a restart: ${waits[0].reason}`;
  }
  return undefined;
}
