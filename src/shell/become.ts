import { quote } from './quote.ts';

/** Programs by which a user becomes another. */
export const methods = ['sudo', 'su', 'doas'] as const;

/** As whom the tasks of a play run on the host. */
export interface Privilege {
  readonly method: (typeof methods)[number];
  readonly user: string;
}

/**
 * The command that runs a text in a shell of another user. That it could is seen by what the text
 * prints, never by the words of a prompt; sudo's prompt is the nonce `ask`, su has no prompt of
 * ours.
 */
export function becomeCommand({ method, user }: Privilege, ask: string, text: string): string {
  const commands = {
    sudo: `sudo -H -S -p ${ask} -u ${quote(user)} -- /bin/sh -c ${quote(text)}`,
    su: `su -s /bin/sh -c ${quote(text)} -- ${quote(user)}`,
    doas: `doas -n -u ${quote(user)} -- /bin/sh -c ${quote(text)}`,
  };
  return commands[method];
}

export type BecomeProgress = 'up' | 'wants password' | 'wait';

/**
 * What a become command is doing, from what it printed so far; `up` is the nonce that its text
 * prints. For sudo the prompt is ours; for su a password is wanted when a live process has printed
 * an unterminated line and no nonce.
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
