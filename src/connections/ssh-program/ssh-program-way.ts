import type { Target } from '../connection.ts';
import { lastHop } from '../last-hop.ts';
import { addressOf, type SshSettings, sshSettings } from '../ssh-config.ts';

/** A host, and how the program ssh reaches it. */
export interface Way {
  readonly target: Target;
  readonly settings: SshSettings;
  /** For messages. */
  readonly address: string;
  /** The jump host that connects to it. */
  readonly hop?: Way;
}

/**
 * How a host is reached: each of its jump hosts has settings of its own.
 * @throws Unreachable `connection.config`, `connection.name`, `jump.circle`
 */
export async function wayTo(target: Target): Promise<Way> {
  const settings = await sshSettings(target);
  const hop = lastHop(target, settings);
  return { target, settings, address: addressOf(settings), ...(hop ? { hop: await wayTo(hop) } : {}) };
}
