import { withoutHost } from './host-names.ts';

/** Something that was told of a host: equal ones of several hosts are shown once. */
export interface Told {
  /** What ties it to other hosts that will tell the same: its task, or what happened. */
  readonly about: string;
  /** What happened, in a word. */
  readonly word: string;
  /** What stands behind the names of the hosts. */
  readonly text: string;
  /** Lines below, wrapped like text. */
  readonly details: readonly string[];
  /** Lines below that stay as they are. */
  readonly verbatim: readonly string[];
  /** Milliseconds that it may wait for others. */
  readonly patience: number;
}

/** What several hosts told alike. */
export interface Group extends Told {
  readonly hosts: readonly string[];
}

/** Holds back what hosts tell until the others have told theirs, or until its patience is over. */
export interface Folding {
  /** @param now milliseconds since 1970 */
  readonly add: (host: string, told: Told, now: number) => void;
  /** Nothing more comes of this: what was told of it is shown. */
  readonly settle: (about: string) => void;
  /** Shows what has waited long enough. */
  readonly due: (now: number) => void;
  /** Shows all. */
  readonly flush: () => void;
}

interface Waiting {
  /** In the words of the first host. */
  readonly told: Told;
  /** In words that are true of all. */
  readonly alike: Told;
  readonly hosts: string[];
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** @param show takes what several hosts told alike, once it is time to show it */
export function createFolding(show: (group: Group) => void): Folding {
  const waiting = new Map<string, Waiting>();
  function showWhere(isMeant: (told: Told, until: number) => boolean): void {
    for (const [key, { told, alike, hosts, until }] of waiting) {
      if (!isMeant(told, until)) continue;
      waiting.delete(key);
      show({ ...(hosts.length === 1 ? told : alike), hosts });
    }
  }
  return {
    add: (host, told, now) => {
      const alike = withoutName(told, host);
      const key = JSON.stringify(alike);
      const group = waiting.get(key);
      if (group) group.hosts.push(host);
      else waiting.set(key, { told, alike, hosts: [host], until: now + told.patience });
    },
    settle: about => showWhere(told => told.about === about),
    due: now => showWhere((_, until) => until <= now),
    flush: () => showWhere(() => true),
  };
}

function withoutName(told: Told, host: string): Told {
  const bare = (text: string) => withoutHost(text, host);
  return { ...told, text: bare(told.text), details: told.details.map(bare), verbatim: told.verbatim.map(bare) };
}
