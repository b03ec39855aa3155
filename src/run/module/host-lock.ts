import type { Session } from '../../connections/session.ts';
import { takeLock } from '../../shell/lock.ts';
import type { ShellText } from '../../shell/quote.ts';
import type { HostState } from '../state/host-state.ts';

/** Two runs never work on one host at once; a shell that has the host need not ask again. */
export function lockFor(host: HostState, session: Session): ShellText | undefined {
  return host.lockedBy === shellOf(session) ? undefined : takeLock(host.run);
}

/** The host is this run's as long as the session's shell lives. */
export function locked(host: HostState, session: Session): void {
  host.lockedBy = shellOf(session);
}

function shellOf(session: Session): string {
  const { bootId, pid, startTime } = session.identity();
  return `${bootId} ${pid} ${startTime}`;
}
