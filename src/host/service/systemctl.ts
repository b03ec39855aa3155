import { join, raw, type ShellText } from '../../shell/quote.ts';

/** Whose units: those of the system, of the user of the task, or of all users when they log in. */
export type Scope = 'system' | 'user' | 'global';

/**
 * systemctl with its options. A user's own systemd is found by a variable that only a login sets.
 */
export function systemctl(
  scope: Scope | undefined,
  options: { readonly force?: boolean | undefined; readonly no_block?: boolean | undefined } = {},
): ShellText {
  return join(
    [
      scope === 'user' && raw('XDG_RUNTIME_DIR="${XDG_RUNTIME_DIR:-/run/user/$(id -u)}"'),
      raw('systemctl'),
      scope === 'user' && raw('--user'),
      scope === 'global' && raw('--global'),
      options.force && raw('--force'),
      options.no_block && raw('--no-block'),
    ],
    ' ',
  );
}
