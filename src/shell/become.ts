import { quote } from './quote.ts';

/** As whom the tasks of a play run on the host. */
export interface Privilege {
  readonly method: 'sudo' | 'su' | 'doas';
  readonly user: string;
}

/**
 * The line that turns the login shell into a shell of another user. Success is the nonce that the become command itself prints, never the
 * words of a prompt; sudo's prompt is the nonce `ask`, su has no prompt of ours.
 */
export function becomeLine({ method, user }: Privilege, nonces: { up: string; ask: string }): string {
  const up = `printf '${nonces.up}\\n'; printf '${nonces.up}\\n' >&2; exec /bin/sh`;
  const commands = {
    sudo: `exec sudo -H -S -p ${nonces.ask} -u ${quote(user)} -- /bin/sh -c ${quote(up)}`,
    su: `exec su -s /bin/sh -c ${quote(up)} -- ${quote(user)}`,
    doas: `exec doas -n -u ${quote(user)} -- /bin/sh -c ${quote(up)}`,
  };
  return `${commands[method]}\n`;
}

export type BecomeProgress = 'up' | 'wants password' | 'wait';

/**
 * What a become command is doing, from what it printed so far. For sudo the prompt is ours; for su a password is wanted when a live process has
 * printed an unterminated line and no nonce.
 */
export function becomeProgress(
  { method }: Privilege,
  nonces: { up: string; ask: string },
  printed: { stdout: string; stderr: string },
): BecomeProgress {
  if (printed.stdout.includes(nonces.up) && printed.stderr.includes(nonces.up)) return 'up';
  if (method === 'sudo') return printed.stderr.includes(nonces.ask) ? 'wants password' : 'wait';
  if (method === 'doas') return 'wait';
  const last = printed.stderr || printed.stdout;
  return last !== '' && !last.endsWith('\n') ? 'wants password' : 'wait';
}
