import { definitions } from './functions/definitions.ts';
import { join, raw, type ShellText, sh } from './quote.ts';
import { type Script, type Section, script } from './script.ts';
import { stopBelow } from './stop.ts';

/** What a job's own files tell of it in addition to what it prints. */
export interface AboutJob {
  /** Whether it changes the host. */
  readonly changed: boolean;
  /** What runs, as people read it. */
  readonly cmd?: string;
}

/**
 * How far a job has come: `late` was stopped at its limit, `gone` left without an end, of `none`
 * there are no files.
 */
export type JobState = 'running' | 'done' | 'late' | 'gone' | 'none';

/** A job's name is one of its folder: no path leads out of it. */
export const jobNamePattern = '^[A-Za-z0-9][A-Za-z0-9._-]*$';

/** Seconds that a job has between TERM and KILL at its limit. */
const grace = 5;

/**
 * Starts sections as a job that no shell or connection waits for, and prints where its files are: a
 * folder in the home of the user, for that user only. The job's text goes to its shell through a
 * pipe, for it may hold a secret.
 */
export function startJob(id: string, sections: readonly Section[], limit: number, about: AboutJob): ShellText {
  return sh`[ -n "\${HOME:-}" ] || { echo 'the user has no home directory, where the files of a job would be' >&2; \
exit 1; }
mask=$(umask)
umask 077
mkdir -p "$HOME/.hostwright_async" && chmod 700 "$HOME/.hostwright_async" || exit
job=$HOME/.hostwright_async/${id}
mkdir "$job" || exit
printf %s ${JSON.stringify(about)} >"$job/about" || exit
detach=
command -v setsid >/dev/null 2>&1 && detach=setsid
printf %s ${jobText(id, sections, limit).text} | $detach /bin/sh -s "$mask" >/dev/null 2>&1 &
{ read -r stat <"/proc/$!/stat"; } 2>/dev/null || stat=
read -r boot </proc/sys/kernel/random/boot_id
set -- \${stat##*) }
echo "$! \${20:--} $boot" >"$job/process"
printf %s "$job"`;
}

/** The worker ends the sleep when it is through; a sleep that ends by itself is the limit. */
function jobText(id: string, sections: readonly Section[], limit: number): ShellText {
  const steps = sections.map(({ text }, at) => {
    const files = sh`>"$job/${at}.out" 2>"$job/${at}.err"`;
    return sh`[ "$code" = 0 ] && { ( umask "$mask"; eval ${text} ) </dev/null ${files}; code=$?; \
echo "$code" >"$job/${at}.rc"; }`;
  });
  return join([
    raw('mask=$1; set --'),
    raw(definitions(sections.map(({ text }) => text))),
    folderOf(id),
    sh`sleep ${limit} & nap=$!`,
    raw(`{ code=0`),
    ...steps,
    raw(`: >"$job/end"; kill "$nap" 2>/dev/null; } & worker=$!`),
    raw(`if wait "$nap" && [ ! -e "$job/end" ]; then : >"$job/late"`),
    stopBelow(raw('"$worker"'), grace),
    raw('fi\nwait "$worker"'),
  ]);
}

/** Bytes of what a job has printed that are known already. */
export type Known = Readonly<Record<'stdout' | 'stderr', number>>;

/**
 * Asks how far a job has come: `job state` leaves with 0 only if it is over; then each section says
 * what its namesake of the job said.
 * @param known asks also for what the job has printed beyond that: `job stdout` and `job stderr`
 */
export function askJob(id: string, names: readonly string[], known?: Known): Script {
  const answers = names.map((name, at): [string, ShellText] => [
    name,
    sh`${folderOf(id)}
[ -e "$job/${at}.rc" ] || exit 0
cat "$job/${at}.err" >&2; cat "$job/${at}.out"
read -r code <"$job/${at}.rc"; exit "$code"`,
  ]);
  return script({
    ...(known && {
      'job stdout': printed(id, names, { end: 'out', from: known.stdout }),
      'job stderr': printed(id, names, { end: 'err', from: known.stderr }),
    }),
    'job state': sh`${jobState(id)}\ncase $state in done|late) exit 0;; esac\nexit 3`,
    ...Object.fromEntries(answers),
  });
}

/**
 * Prints what the sections of a job have printed so far, from a byte on: one runs after the other.
 */
function printed(
  id: string,
  names: readonly string[],
  { end, from }: { readonly end: 'out' | 'err'; readonly from: number },
): ShellText {
  const files = join(
    names.map((_, at) => sh`"$job/${raw(`${at}.${end}`)}"`),
    ' ',
  );
  return sh`${folderOf(id)}\ncat ${files} 2>/dev/null | tail -c +${from + 1}`;
}

/** Prints the {@link JobState} of a job, which is then in the variable `state`. */
export function jobState(id: string): ShellText {
  return sh`${folderOf(id)}
state=none
if [ -d "$job" ]; then
  state=gone
  read -r pid start boot 2>/dev/null <"$job/process" || pid=
  read -r now </proc/sys/kernel/random/boot_id
  { [ "$boot" = "$now" ] && read -r stat <"/proc/$pid/stat"; } 2>/dev/null || stat=
  set -- \${stat##*) }
  [ "\${1:-Z}" != Z ] && [ "\${20:-}" = "$start" ] && state=running
  # It may have come to its end since.
  [ -e "$job/end" ] && { state=done; [ -e "$job/late" ] && state=late; }
else
  [ -x "$HOME" ] || { echo "$HOME: may not be read" >&2; exit 4; }
fi
printf %s "$state"`;
}

/** Where the files of a job are, as the variable `job`. */
export function folderOf(id: string): ShellText {
  return sh`job=\${HOME:-}/.hostwright_async/${id}`;
}

/** Takes the files of a job away. */
export function removeJob(id: string): ShellText {
  return sh`${folderOf(id)}\nrm -rf -- "$job"`;
}
