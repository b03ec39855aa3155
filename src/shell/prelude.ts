/**
 * What a new shell is told first. It prints the nonce with its process id, start time and the
 * host's boot id, so that later it can be told from another process of the same number, and its
 * HOME; everything a login printed before that is not ours. One line.
 */
export function prelude(nonce: string): string {
  const tell = (words: string) => `printf "${nonce} %s %s %s %s\\n" ${words}`;
  return [
    'unset ENV CDPATH',
    'PATH="${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin"; LC_ALL=C; export PATH LC_ALL',
    'cd /',
    'read -r __hw </proc/$$/stat 2>/dev/null || __hw=',
    '__hw=${__hw##*) }; set -- $__hw; __hw_start=${20:-0}; set --',
    'read -r __hw_boot </proc/sys/kernel/random/boot_id 2>/dev/null || __hw_boot=-',
    `${tell('$$ "$__hw_start" "$__hw_boot" "${HOME:-}"')}; ${tell('$$ - - -')} >&2`,
  ].join('; ');
}

/** Who a live shell is, as its prelude said. */
export interface ShellIdentity {
  readonly pid: number;
  /** Clock ticks after boot (field 22 of /proc/PID/stat). */
  readonly startTime: string;
  readonly bootId: string;
  /** `$HOME`; empty where that is not set. */
  readonly home: string;
}

/**
 * Reads the line that {@link prelude} prints; undefined while it has not come whole.
 * @param text its bytes, a character each
 */
export function readPrelude(text: string, nonce: string): ShellIdentity | undefined {
  const match = new RegExp(`${nonce} (\\d+) (\\S+) (\\S+) (.*)\\n`).exec(text);
  if (!match) return undefined;
  const [, pid, startTime = '', bootId = '', home = ''] = match;
  return { pid: Number(pid), startTime, bootId, home: Buffer.from(home, 'latin1').toString() };
}
