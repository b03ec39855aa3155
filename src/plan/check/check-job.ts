import type { AnyCallable } from '../../callable.ts';
import type { Task } from '../../language/model.ts';
import type { Problems } from '../../language/problems.ts';
import { inside } from '../../language/source.ts';

/** A task with `async` must be one that can run as a job of the host. */
export function checkJob({ job, part }: Task, { name, look, background }: AnyCallable, problems: Problems): void {
  if (!job) return;
  if (look === undefined) {
    problems.addAtKey(
      inside(part, 'async'),
      `"${name}" runs on the controller and cannot be a job`,
      'Leave "async" out.',
    );
  } else if (job.poll === 0 && background !== true) {
    const message = `with "poll: 0" nothing would prove what "${name}" changes`;
    const hint = 'Give "poll:" a number of seconds. Only command, shell and script may be left to run on their own.';
    problems.add(inside(part, 'poll'), message, hint);
  }
}
