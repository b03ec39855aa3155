import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import { linePattern } from '../account/database.ts';

/**
 * Sets `$h` to the home of a user, by the account database; leaves with 4 where the user has none.
 */
export function homeOf(user: string): ShellText {
  return join([
    sh`h=$({ getent passwd ${user} || grep ${linePattern(user)} /etc/passwd; } 2>/dev/null | cut -d: -f6)`,
    raw('[ -n "$h" ] || exit 4'),
  ]);
}
