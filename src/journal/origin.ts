import { hostname } from 'node:os';
import { currentUser } from '../connections/current-user.ts';
import { certain } from '../errors.ts';
import type { Origin } from '../events/run-start.ts';
import { version } from '../home.ts';
import { commitOf } from './commit.ts';
import { processMark } from './process-mark.ts';

/**
 * Where a run of this process comes from.
 * @param words the command line, without what must not be told
 */
export function originOf(words: readonly string[]): Origin {
  const commit = commitOf('.');
  return {
    operator: operator(),
    controller: hostname(),
    directory: process.cwd(),
    arguments: words,
    process: certain(processMark(process.pid), 'the own process in /proc'),
    ...(commit && { commit }),
    versions: { hostwright: version(), node: process.versions.node },
  };
}

/** The user; who has become one with sudo is told too. */
function operator(): string {
  const { SUDO_USER: from } = process.env;
  const user = currentUser();
  return from === undefined || from === user ? user : `${from} (as ${user})`;
}
