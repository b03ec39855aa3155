import { comparePositions, type Position } from './position.ts';

/** Lets hosts wait for those that are behind them. */
export interface Lockstep {
  /**
   * Tells where a host has come to. With `wait` it goes on once no other host is behind that
   * position.
   */
  readonly arrive: (host: string, position: Position, wait: boolean) => Promise<void>;
  /** The host comes no further: no host waits for it any longer. */
  readonly leave: (host: string) => void;
}

/**
 * A lockstep for these hosts. All of them are at the start; each must arrive or leave, or the
 * others wait for ever.
 */
export function createLockstep(hosts: readonly string[]): Lockstep {
  const places = new Map<string, Position>(hosts.map(host => [host, []]));
  const waiting = new Map<string, () => void>();
  /**
   * The hindmost position, and how many are there: it changes only when the last of them goes on.
   */
  let hindmost: Position = [];
  let behind = hosts.length;

  function move(host: string, position: Position | undefined): void {
    const before = places.get(host);
    if (position) places.set(host, position);
    else places.delete(host);
    if (before && comparePositions(before, hindmost) === 0) behind -= 1;
    if (position && comparePositions(position, hindmost) === 0) behind += 1;
    if (behind === 0) advance();
  }
  function advance(): void {
    const all = [...places.values()];
    if (all.length === 0) return;
    hindmost = all.reduce((least, position) => (comparePositions(position, least) < 0 ? position : least));
    behind = all.filter(position => comparePositions(position, hindmost) === 0).length;
    // Those that go on together do so in the order of the play.
    for (const host of hosts) letGo(host);
  }
  function letGo(host: string): void {
    const position = places.get(host);
    if (!position || comparePositions(position, hindmost) > 0) return;
    waiting.get(host)?.();
    waiting.delete(host);
  }
  async function arrive(host: string, position: Position, wait: boolean): Promise<void> {
    const turn = wait ? new Promise<void>(go => waiting.set(host, go)) : undefined;
    move(host, position);
    letGo(host);
    await turn;
  }
  return { arrive, leave: host => move(host, undefined) };
}
