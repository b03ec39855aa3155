import { posix } from 'node:path';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import type { Args } from './schema.ts';

/**
 * The commit that this module checked out last, which may be in no branch of the remote that was
 * fetched.
 */
export const mark = 'refs/hostwright/checked-out';

/** Whether a version is a commit and not a name. */
export function isCommit(version: string): boolean {
  return /^[0-9a-f]{40}$/.test(version);
}

/**
 * What every git of ours is told: it cannot ask anyone, and looking takes no lock.
 * @param known shell text of another file of known hosts, so that a look leaves none behind.
 */
export function environment({ dest, key_file, accept_newhostkey }: Args, known?: string): ShellText {
  const options = join(
    [
      raw('ssh -o BatchMode=yes'),
      key_file !== undefined && sh`-o IdentitiesOnly=yes -i ${key_file}`,
      accept_newhostkey && raw('-o StrictHostKeyChecking=accept-new'),
    ],
    ' ',
  );
  return join([
    // A repository that dest lies in is another one.
    sh`export GIT_TERMINAL_PROMPT=0 GIT_OPTIONAL_LOCKS=0 \
GIT_CEILING_DIRECTORIES=${posix.dirname(posix.normalize(dest))}`,
    known === undefined
      ? sh`export GIT_SSH_COMMAND=${options.text}`
      : sh`export GIT_SSH_COMMAND=${options.text}" -o UserKnownHostsFile=${raw(known)}"`,
  ]);
}
