import { closeJumpHosts } from '../../connections/jump-hosts.ts';
import { createLink } from '../../connections/link/link.ts';
import type { Passwords } from '../../connections/passwords.ts';
import type { Semaphore } from '../../connections/semaphore.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { hostScope } from '../../plan/host-scope.ts';
import type { Plan, PlannedPlay } from '../../plan/plan.ts';
import { unknown } from '../../values/scope.ts';
import { createHostState, type HostState, type RunIdentity } from './host-state.ts';
import type { LeftOver } from './left-over.ts';
import type { Recorded } from './recorded.ts';
import { replayOf } from './replay.ts';
import { type ConnectionOptions, secretsOf, targetOf } from './target.ts';

/**
 * The hosts of a run: the inventory as it is now, and what is known of each host that was asked
 * for.
 */
export interface Fleet {
  readonly inventory: () => Inventory;
  /** From here on the inventory is another one. */
  readonly setInventory: (inventory: Inventory) => void;
  /** A host as the play reaches it: known from before, or new. */
  readonly host: (name: string, play: PlannedPlay) => HostState;
  readonly known: (name: string) => HostState | undefined;
  /** A play begins: what each host is known by is what other hosts may ask of it. */
  readonly remember: () => void;
  /** Reads the inventory's sources again. */
  readonly refresh: () => void;
  /** Hosts that failed or could not be reached take part in the plays to come. */
  readonly forgive: () => void;
  /** Gives all connections up for ever. */
  readonly close: () => void;
}

export interface FleetOptions {
  readonly plan: Plan;
  readonly inventory: Inventory;
  readonly readInventory: () => Inventory;
  readonly identity: RunIdentity;
  readonly check: boolean;
  readonly connection: ConnectionOptions;
  readonly passwords: Passwords;
  readonly recorded?: Recorded;
  /** What earlier runs have left to do, by host. */
  readonly leftOver?: ReadonlyMap<string, LeftOver>;
  /** Texts that no event may show; the passwords of hosts join them. */
  readonly secrets: Set<string>;
  /** Limits how many connections are made at once. */
  readonly handshakes: Semaphore;
}

/** The fleet at the start of a run: no host is known. */
export function createFleet(options: FleetOptions): Fleet {
  const { plan, identity, check, connection, passwords, recorded, secrets, handshakes } = options;
  const hosts = new Map<string, HostState>();
  let { inventory } = options;
  let closed = false;

  function host(name: string, play: PlannedPlay): HostState {
    const { layers } = play;
    const facts = unknown('it is not connected');
    const scope = hostScope({ plan, play, inventory, host: name, layers, check, dynamic: [], facts });
    const target = targetOf(name, scope, play.play, connection, hosts);
    for (const secret of secretsOf(target)) secrets.add(secret);
    const known = hosts.get(name);
    if (known && JSON.stringify(known.target) === JSON.stringify(target)) return known;
    known?.link.reset();
    const link = createLink(target, passwords, handshakes);
    if (closed) link.close();
    const replay = replayOf(recorded, name);
    const leftOver = options.leftOver?.get(name);
    const state = known ?? createHostState({ name, run: identity, target, link, replay, leftOver });
    Object.assign(state, { target, link });
    hosts.set(name, state);
    return state;
  }
  function close(): void {
    closed = true;
    for (const { link } of hosts.values()) link.close();
    closeJumpHosts(hosts);
  }
  function remember(): void {
    for (const state of hosts.values()) state.before = { included: state.included, variables: state.variables };
  }
  function forgive(): void {
    for (const state of hosts.values()) state.status = 'going';
  }
  return {
    inventory: () => inventory,
    setInventory: changed => {
      inventory = changed;
    },
    host,
    known: name => hosts.get(name),
    remember,
    refresh: () => {
      inventory = options.readInventory();
    },
    forgive,
    close,
  };
}
