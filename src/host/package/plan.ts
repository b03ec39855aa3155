/** What a package manager would do to one package. */
export interface Move {
  readonly action: 'install' | 'upgrade' | 'remove';
  readonly name: string;
  /** The version that is there. */
  readonly from?: string;
  /** The version that comes. */
  readonly to?: string;
  /** An upgrade to an older version, where the manager says so. */
  readonly older?: true;
}

export type Manager = 'apt-get' | 'dnf' | 'apk';

/** Reads what a manager's dry run printed. */
export function parsePlan(manager: Manager, text: string): Move[] {
  return { 'apt-get': parseApt, dnf: parseDnf, apk: parseApk }[manager](text);
}

/** `Inst nano [6.2-1] (7.2-1 Debian:12.0/stable [amd64])`, `Remv nano [7.2-1]`. */
function parseApt(text: string): Move[] {
  return text.split('\n').flatMap((line): Move[] => {
    const match = /^(Inst|Remv|Purg) (\S+)(?: \[(\S+)\])?(?: \((\S+))?/.exec(line);
    if (!match) return [];
    const [, verb, name = '', from, to] = match;
    if (verb !== 'Inst') return [{ action: 'remove', name, ...(from !== undefined && { from }) }];
    return [
      {
        action: from === undefined ? 'install' : 'upgrade',
        name,
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
      },
    ];
  });
}

/**
 * A table of sections: `Installing:` and below it ` nano  x86_64  6.3-1.el9  baseos  660 k`; a long
 * name has a line of its own.
 */
function parseDnf(text: string): Move[] {
  const moves: Move[] = [];
  let action: Move['action'] | undefined;
  let heading = '';
  let held = '';
  for (const line of text.split('\n')) {
    const next = /^([A-Z][a-z]+)[a-z ]*:\s*$/.exec(line)?.[1];
    if (next !== undefined) {
      heading = next;
      action = actions[heading];
    } else if (/^\S/.test(line)) action = undefined;
    else if (action && !/^\s+replacing\b/.test(line)) {
      const fields = (held + line).trim().split(/\s+/);
      held = fields.length === 1 && fields[0] !== '' ? `${line} ` : '';
      const [name = '', , version = '', repository] = fields;
      if (repository === undefined) continue;
      const moved = action === 'remove' ? { from: version } : { to: version };
      moves.push({ action, name, ...moved, ...(heading === 'Downgrading' && { older: true }) });
    }
  }
  return moves;
}

const actions: Readonly<Record<string, Move['action']>> = {
  Installing: 'install',
  Reinstalling: 'install',
  Upgrading: 'upgrade',
  Downgrading: 'upgrade',
  Removing: 'remove',
};

/**
 * `(1/3) Installing nano (7.2-r0)`, `(2/3) Upgrading musl (1.2.3-r4 -> 1.2.3-r5)`, `(3/3) Purging
 * nano (7.2-r0)`.
 */
function parseApk(text: string): Move[] {
  return text.split('\n').flatMap((line): Move[] => {
    const match =
      /^\(\s*\d+\/\d+\) (Installing|Upgrading|Downgrading|Replacing|Purging) (\S+) \((\S+?)(?: -> (\S+))?\)/.exec(line);
    if (!match) return [];
    const [, verb, name = '', first = '', second] = match;
    if (verb === 'Purging') return [{ action: 'remove', name, from: first }];
    return [
      second === undefined
        ? { action: 'install', name, to: first }
        : { action: 'upgrade', name, from: first, to: second },
    ];
  });
}
