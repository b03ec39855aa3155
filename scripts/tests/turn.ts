import { createHash } from 'node:crypto';

/** What orders things of which one is as good as the other: others come first for each commit. */
export function turnOf(name: string, commit: string): string {
  return createHash('sha256').update(`${commit} ${name}`).digest('hex');
}
