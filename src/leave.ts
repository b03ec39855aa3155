import { setTimeout } from 'node:timers/promises';
import { exitCodes } from './errors.ts';

/** Milliseconds in which what was asked of a disk may still end. */
const patience = 1000;

/**
 * Ends the process. Node waits for its threads, and one that asks a disk that does not answer never
 * ends: where a journal could not be written for that, the process kills itself, which a shell
 * shows as exit code 137. What waits for pages to be written is kept by the kernel even then, until
 * the disk answers.
 */
export async function leave(exitCode: number): Promise<void> {
  if (exitCode !== exitCodes.journal) process.exit(exitCode);
  const end = performance.now() + patience;
  while (asksDisks() && performance.now() < end) await setTimeout(20);
  if (asksDisks()) {
    process.stderr.write(
      'A disk still does not answer: this process is killed, and is gone once the kernel lets it go.\n',
    );
    process.kill(process.pid, 'SIGKILL');
  }
  process.exit(exitCode);
}

function asksDisks(): boolean {
  return process.getActiveResourcesInfo().some(kind => kind.startsWith('FSReq'));
}
