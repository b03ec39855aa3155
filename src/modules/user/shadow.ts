import { type Refuse, refuse } from '../../decision.ts';
import { CannotTell } from '../../shell/answer.ts';
import { ask, type Look, map } from '../../shell/look.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';

const hashes = ['same', 'other', 'none', 'empty'] as const;

/** What /etc/shadow says about a user, the hash left out: it stays on the host. */
export interface Shadow {
  /**
   * same: the hash that was given. none: no hash that a password could have. empty: no password is
   * asked for.
   */
  readonly hash: (typeof hashes)[number];
  readonly locked: boolean;
  /** Days since 1970; -1 for never. */
  readonly expires: number;
}

/**
 * The line of a user in /etc/shadow, undefined where there is none. It is compared on the host, and
 * stays within the shell: no other process is given it.
 * @throws CannotTell
 */
export function shadowOf(name: string, hash: string | undefined): Look<Shadow | undefined> {
  return map(ask('reading /etc/shadow', shadowText(name, hash), [0, 3]), ({ code, stdout }) => {
    if (code === 3) return undefined;
    const [, word, lock, expires] = /^(same|other|none|empty) (locked|open) (-?\d*)\n$/.exec(stdout) ?? [];
    const hash = hashes.find(one => one === word);
    if (hash === undefined)
      throw new CannotTell(`/etc/shadow has a line that cannot be read: ${JSON.stringify(stdout)}`);
    const locked = lock === 'locked';
    return {
      hash: hash === 'empty' && locked ? 'none' : hash,
      locked,
      expires: expires === '' ? -1 : Number(expires),
    };
  });
}

function shadowText(name: string, hash: string | undefined): ShellText {
  return join([
    raw('f='),
    raw('while IFS=: read -r n h l m M w i e r; do'),
    sh`  if [ "$n" = ${name} ]; then f=1; break; fi`,
    raw('done < /etc/shadow || exit 9'),
    raw('[ -n "$f" ] || exit 3'),
    raw('k=open u=$h; case $h in !*) k=locked u=${h#?};; esac'),
    hash === undefined
      ? raw("case $u in '') p=empty;; !*|\\**) p=none;; *) p=other;; esac")
      : sh`if [ "$u" = ${hash} ]; then p=same; else case $u in '') p=empty;; !*|\\**) p=none;; *) p=other;; esac; fi`,
    raw('echo "$p $k $e"'),
  ]);
}

/** The hash without the mark of a locked one. */
export function bareHash(password: string): string {
  return password.replace(/^!/, '');
}

/** Stores a field of /etc/shadow as it is; only the shell's own printf sees it. */
export function storePassword(name: string, field: string): ShellText {
  return sh`printf '%s\\n' ${`${name}:${field}`} | chpasswd -e`;
}

/** An account that is unlocked and has no password is open to everybody. */
export function refuseOpen(name: string): Refuse {
  return refuse(
    `${name} has no password: unlocked, anybody could log in`,
    'Give a password (openssl passwd -6), or leave password_lock out.',
  );
}
