import type { PlannedTask } from '../../plan/plan.ts';

/** Says whether a task that is about to begin may. */
export type Approve = (task: PlannedTask) => Promise<boolean>;

/** Asks once for each task, when the first host comes to it, and one question at a time. */
export function askOnce(approve: Approve): Approve {
  const answers = new Map<string, Promise<boolean>>();
  let before: Promise<unknown> = Promise.resolve();
  return task => {
    const known = answers.get(task.id);
    if (known) return known;
    const answer = before.then(() => approve(task));
    before = answer;
    answers.set(task.id, answer);
    return answer;
  };
}
