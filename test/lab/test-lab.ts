import { createHash } from 'node:crypto';
import type { Context } from 'mocha';
import { type Lab, startLab } from './lab.ts';
import { labObstacle } from './obstacle.ts';
import { showProgress } from './progress.ts';
import type { Shape } from './shapes.ts';

/**
 * Starts a fresh lab for a suite, or skips the suite where none can run. The name belongs to this
 * clone: tests of another one do not replace the lab. With further devices it boots, which takes a
 * minute more.
 */
export async function startTestLab(
  context: Context,
  suite: string,
  shape: Shape = 'small',
  devices?: readonly string[],
): Promise<Lab> {
  if (labObstacle('13')) context.skip();
  const clone = createHash('sha256')
    .update(import.meta.dirname)
    .digest('hex')
    .slice(0, 6);
  return await startLab({
    ...{ name: `test-${suite}-${clone}`, shape, progress: showProgress() },
    ...(devices && { devices }),
  });
}
