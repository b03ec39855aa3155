import { becomeCommand, type Privilege } from './become.ts';
import { prelude } from './prelude.ts';
import { quote } from './quote.ts';

/** Texts that no program prints by chance. */
export interface EntryNonces {
  /** Printed by whatever shell was given the command, before anything else. */
  readonly heard: string;
  /** The prompt of a sudo that wants a password. */
  readonly ask: string;
  /** Printed by the shell that takes scripts, with who it is. */
  readonly up: string;
}

/**
 * The command that a login shell, be it sh, csh or fish, turns into a shell of ours, as another
 * user where asked: it says who it is, and then reads scripts from stdin. All of it is one command,
 * and costs one round trip.
 */
export function entryCommand(become: Privilege | undefined, { heard, ask, up }: EntryNonces): string {
  const first = `${prelude(up)}; exec /bin/sh`;
  return `printf "${heard}\\n"; exec ${become ? becomeCommand(become, ask, first) : `/bin/sh -c ${quote(first)}`}`;
}
