import { CannotTell } from '../../shell/answer.ts';
import { type AboutJob, folderOf, type JobState, jobState } from '../../shell/job.ts';
import { all, type Look, later, look, map, own, printed } from '../../shell/look.ts';
import { join, raw } from '../../shell/quote.ts';
import type { Output } from '../../shell/script.ts';

const states: readonly JobState[] = ['running', 'done', 'late', 'gone', 'none'];

interface StartedJob {
  readonly job: JobState;
  readonly folder: string;
  /** What is known of it, and what it has printed, once it is over. */
  readonly about: AboutJob | undefined;
  readonly printed: Output | undefined;
}

/** A job, by the files that it keeps. */
export function startedJob(jid: string): Look<StartedJob> {
  const run = join([
    folderOf(jid),
    raw('[ -e "$job/end" ] && [ -e "$job/0.rc" ] || exit 0'),
    raw('cat "$job/0.err" >&2; cat "$job/0.out"; read -r code <"$job/0.rc"; exit "$code"'),
  ]);
  const looks = all({
    state: progress(jid),
    about: later(aboutJob(jid)),
    run: look({ [own]: run }, answer => answer[own]),
  });
  return map(looks, ({ state, about, run }) => {
    const over = state.job === 'done' || state.job === 'late';
    return { ...state, about: over ? about() : undefined, printed: over ? run : undefined };
  });
}

function progress(jid: string): Look<Pick<StartedJob, 'job' | 'folder'>> {
  return map(printed('the shell', join([jobState(jid), raw(`printf ' %s' "$job"`)])), text => {
    const [, word, folder] = /^(\S+) ([\s\S]*)$/.exec(text) ?? [];
    const job = states.find(state => state === word);
    if (job === undefined || folder === undefined) throw new CannotTell(`the state of job ${jid} cannot be read`);
    return { job, folder };
  });
}

function aboutJob(jid: string): Look<AboutJob> {
  const text = join([folderOf(jid), raw('[ ! -e "$job/about" ] || cat "$job/about"')]);
  return map(printed('cat', text), told => {
    try {
      return JSON.parse(told) as AboutJob;
    } catch {
      throw new CannotTell(`what is known of job ${jid} cannot be read`);
    }
  });
}
