import { change, ok } from '../../decision.ts';
import { runResult } from '../../host/command/run.ts';
import { removeJob } from '../../shell/job.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { startedJob } from './job.ts';
import { args, examples, returns } from './schema.ts';

export const asyncStatus = defineModule({
  name: 'async_status',
  summary: 'Asks for a job that a task with "async" and "poll: 0" has started, or takes its files away.',
  description:
    'A job belongs to the user who started it: the task needs the same `become`. Until it ' +
    'has finished the task is ok; then its result has what the command printed, and the ' +
    'task fails as the command would have. `until: r.finished` waits for it.',
  args,
  returns,
  examples,
  // What runs by itself may have come further since it was asked ahead.
  userCode: () => true,
  look: ({ jid }) => startedJob(jid),
  decide({ jid, mode }, { job, folder, printed, about }) {
    if (mode === 'cleanup') {
      const result = { ansible_job_id: jid, started: true, finished: job !== 'running' };
      if (job === 'none') return ok('has no files', { result });
      return change('its files are taken away', {
        diff: [{ subject: folder, before: 'there\n', after: '' }],
        apply: script({ remove: removeJob(jid) }),
        result,
      });
    }
    const known = { ansible_job_id: jid, started: true, results_file: folder };
    if (job === 'running') return ok('it runs', { result: { ...known, finished: false } });
    const result = { ...known, finished: true, ...runResult(about?.cmd, printed) };
    if (job === 'done') {
      const reason = 'it has finished';
      if (!about?.changed) return ok(reason, { result });
      return change(reason, { diff: [], apply: script({}), verify: 'none', result });
    }
    return { kind: 'refuse', ...problems[job](jid), result };
  },
});

const problems = {
  late: (jid: string) => ({
    message: `the job ${jid} did not end within the time that "async" gave it, and was stopped`,
    advice: 'Give it a longer "async:", or look at what it waited for.',
  }),
  gone: (jid: string) => ({
    message: `the job ${jid} ended without a result: it was killed, or the host was restarted`,
    advice: 'Look on the host how far it came, and start it again.',
  }),
  none: (jid: string) => ({
    message: `there is no job ${jid} of this user`,
    advice: 'Ask as the user who started it ("become:"), and before "mode: cleanup".',
  }),
} as const;
