import type { ConnectionKind } from '../language/connection-kinds.ts';
import type { Privilege } from '../shell/become.ts';

/**
 * Bytes to and from one process on a host. `stdout` and `stderr` are called with chunks cut
 * anywhere. `closed` settles once, when the process has ended or the link is gone, and never
 * rejects.
 */
export interface Channel {
  readonly write: (bytes: string | Uint8Array) => Promise<void>;
  /** Closes the process's stdin. */
  readonly end: () => void;
  /** Hands the streams to this listener, in place of the one before. */
  readonly listen: (listener: ChannelListener) => void;
  readonly closed: Promise<ChannelEnd>;
  /** Gives the channel up; what runs on the host is not stopped by it. */
  readonly destroy: () => void;
}

export interface ChannelListener {
  /** A promise holds the stream back until it settles. */
  readonly stdout: (chunk: Buffer) => void | Promise<void>;
  readonly stderr: (chunk: Buffer) => void;
}

/**
 * How a process ended. `code` and `signal` both undefined: the link died, and nothing is known of
 * the process.
 */
export interface ChannelEnd {
  readonly code?: number;
  readonly signal?: string;
}

/** A link to one host over which shells are opened. */
export interface Connection {
  /** For messages: `root@10.0.0.7 port 22`, `this machine`. */
  readonly address: string;
  /** Milliseconds from a small question to its answer, as seen when it was made. */
  readonly roundTrip: number;
  /** Starts a command of the login user. */
  readonly start: (command: string) => Promise<Channel>;
  /** Settles once the link is gone. */
  readonly closed: Promise<void>;
  readonly close: () => void;
}

/** Where and how a host is reached, from its connection variables and the command line. */
export interface Target {
  readonly host: string;
  readonly connection: ConnectionKind;
  readonly address: string;
  readonly port?: number;
  readonly user?: string;
  readonly privateKeyFiles: readonly string[];
  /** Extra known_hosts files, before the user's own. */
  readonly knownHostsFiles: readonly string[];
  /** Arguments for OpenSSH (`-o X=Y`), which `ssh -G` reads. */
  readonly sshArguments: readonly string[];
  readonly hostKeys: 'strict' | 'accept-new';
  /** Seconds for the connection, its handshake and each escalation. */
  readonly timeout: number;
  readonly jump?: string;
  /** The password of the login user, where the host has one of its own. */
  readonly password?: string;
  /** Passwords of becoming, by the program that wants one, where the host has its own. */
  readonly becomePasswords?: Readonly<Partial<Record<Privilege['method'], string>>>;
  /**
   * Of a jump host: the host that is reached through it, and the jump hosts in between, which wait
   * for it.
   */
  readonly behind?: readonly string[];
  /**
   * Takes what `-vvv` tells of the way to the host: settings, keys that were tried, a line each.
   */
  readonly trace?: (text: string) => void;
  /** Stands for the run: hosts of one run share their jump hosts. */
  readonly run: object;
}
