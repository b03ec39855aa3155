import { type Refuse, refuse } from '../../decision.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';

/** What /etc/shadow says about a user, the hash left out: it stays on the host. */
export interface Shadow {
  /**
   * same: the hash that was given. none: no hash that a password could have. empty: no password is
   * asked for.
   */
  readonly hash: 'same' | 'other' | 'none' | 'empty';
  readonly locked: boolean;
  /** Days since 1970; -1 for never. */
  readonly expires: number;
}

/** Compares on the host. What is compared stays within the shell: no other process is given it. */
export function probeShadow(name: string, hash: string | undefined): ShellText {
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

/**
 * Reads the answer of {@link probeShadow} in the section `shadow`; undefined where the user has no
 * line.
 * @throws CannotTell
 */
export function readShadow(answer: Answer): Shadow | undefined {
  const { code, stdout } = accept(answer, 'shadow', [0, 3], 'reading /etc/shadow');
  if (code === 3) return undefined;
  const [, hash, lock, expires] = /^(same|other|none|empty) (locked|open) (-?\d*)\n$/.exec(stdout) ?? [];
  if (hash === undefined) throw new CannotTell(`/etc/shadow has a line that cannot be read: ${JSON.stringify(stdout)}`);
  return {
    hash: hash === 'empty' && lock === 'locked' ? 'none' : (hash as Shadow['hash']),
    locked: lock === 'locked',
    expires: expires === '' ? -1 : Number(expires),
  };
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
