import type { Privilege } from '../../shell/become.ts';
import type { Connection, Target } from '../connection.ts';
import { Unreachable } from '../errors.ts';
import { connectLocal } from '../local.ts';
import type { Passwords } from '../passwords.ts';
import type { Semaphore } from '../semaphore.ts';
import { openSession, type Session } from '../session.ts';
import { connectSsh } from '../ssh/ssh.ts';
import { connectSshProgram } from '../ssh-program/ssh-program.ts';

/**
 * The way to one host for a whole run: one connection, and one session a privilege, each opened
 * when it is first needed.
 */
export interface Link {
  /** @throws Unreachable, `connection.closed` once it was closed; NotBecome */
  readonly session: (become?: Privilege) => Promise<Session>;
  /** The session of this privilege, if it is open. */
  readonly opened: (become?: Privilege) => Session | undefined;
  /**
   * Milliseconds of a round trip, once the connection that is being made is there; 0 where none can
   * be made.
   */
  readonly roundTrip: () => Promise<number>;
  /** All sessions that are open. */
  readonly all: () => readonly Session[];
  /** Whether there is a connection, or one is being made. */
  readonly state: () => 'down' | 'making' | 'up';
  /** Gives the connection up; the next session makes another. */
  readonly reset: () => void;
  /** Gives the connection up for ever: a session is refused from here on. */
  readonly close: () => void;
  /** The id of the boot that the host was last seen in. */
  readonly boot: () => string | undefined;
  /** Times that something was sent over all sessions so far: round trips. */
  readonly roundTrips: () => number;
}

/** @param handshakes limits how many connections are made at once, over all hosts. */
export function createLink(target: Target, passwords: Passwords, handshakes: Semaphore): Link {
  let connection: Promise<Connection> | undefined;
  let sessions = new Map<string, Promise<Session>>();
  let opened = new Map<string, Session>();
  let earlierRoundTrips = 0;
  let closed = false;
  let boot: string | undefined;
  let state: 'down' | 'making' | 'up' = 'down';
  const roundTrips = () => [...opened.values()].reduce((sum, session) => sum + session.roundTrips(), earlierRoundTrips);

  async function open(become: Privilege | undefined): Promise<Session> {
    refuseClosed();
    connection ??= connect();
    const link = await connection;
    refuseClosed();
    const session = await openSession(link, {
      become,
      timeout: target.timeout,
      becomePassword: async () =>
        (become && target.becomePasswords?.[become.method]) ?? (await passwords.become(link.address)),
    });
    if (closed) session.close();
    refuseClosed();
    opened.set(keyOf(become), session);
    boot = session.identity().bootId;
    return session;
  }
  function refuseClosed(): void {
    if (closed) throw hasEnded(target);
  }
  function connect(): Promise<Connection> {
    const made = {
      local: async () => connectLocal(),
      ssh: () => handshakes.run(() => connectSsh(target, passwords)),
      openssh: () => handshakes.run(() => connectSshProgram(target)),
    }[target.connection]();
    void watch(made);
    return made;
  }
  async function watch(made: Promise<Connection>): Promise<void> {
    state = 'making';
    try {
      const { closed } = await made;
      if (connection === made) state = 'up';
      await closed;
    } catch {
      // Whoever waits for a session is told why.
    }
    if (connection === made) state = 'down';
  }
  function session(become?: Privilege): Promise<Session> {
    const key = keyOf(become);
    const known = sessions.get(key);
    if (known) return known;
    const opening = open(become);
    sessions.set(key, opening);
    opening.catch(() => {
      // Of one that was given up meanwhile, another may have taken the place.
      if (sessions.get(key) !== opening) return;
      sessions.delete(key);
      if (sessions.size === 0) hangUp();
    });
    return opening;
  }
  function hangUp(): void {
    void connection?.then(
      ({ close }) => close(),
      () => undefined,
    );
    connection = undefined;
    state = 'down';
  }
  function reset(): void {
    earlierRoundTrips = roundTrips();
    for (const { close } of opened.values()) close();
    hangUp();
    sessions = new Map();
    opened = new Map();
  }
  function close(): void {
    closed = true;
    reset();
  }
  async function roundTrip(): Promise<number> {
    const link = await connection?.catch(() => undefined);
    return link?.roundTrip ?? 0;
  }
  const all = () => [...opened.values()];
  const openedFor = (become?: Privilege) => opened.get(keyOf(become));
  return {
    session,
    opened: openedFor,
    roundTrip,
    all,
    state: () => state,
    reset,
    close,
    boot: () => boot,
    roundTrips,
  };
}

function hasEnded({ host }: Target): Unreachable {
  return new Unreachable('connection.closed', `The run has ended for ${host}: no other connection is made.`, {
    hint: 'Run again.',
  });
}

function keyOf(become: Privilege | undefined): string {
  return become ? `${become.method}:${become.user}` : '';
}
