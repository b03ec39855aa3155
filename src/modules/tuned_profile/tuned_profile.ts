import { type ChangePart, type Decision, type Refuse, refuse, storedAndLive } from '../../decision.ts';
import { probeFound } from '../../host/file/goal.ts';
import { placeText } from '../../host/file/place-text.ts';
import { largestText, readText, type TextGoal } from '../../host/lines/text.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { raw, sh } from '../../shell/quote.ts';
import { type Answer, script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { type Args, args, examples, returns } from './schema.ts';

interface State {
  /** Undefined where the text of the profile is not owned. */
  readonly file: TextGoal | undefined;
  readonly profiles: readonly string[];
  /** What the daemon has applied; undefined where it does not run. */
  readonly active: string | undefined;
  /** What it will apply when it starts. */
  readonly stored: string;
  readonly manual: boolean;
  /** What tuned itself would choose; '' where that decides nothing. */
  readonly recommended: string;
  /** Units that switch profiles or governors, too, and run. */
  readonly rivals: readonly string[];
}

const rivals = ['power-profiles-daemon.service', 'tuned-ppd.service', 'tlp.service', 'auto-cpufreq.service'];

/** A profile of tuned that is active, and its text. */
export const tunedProfile = defineModule({
  name: 'tuned_profile',
  summary: 'Owns which profile of tuned is active, and where given the text of that profile.',
  description: `The text becomes tuned.conf of a profile below /etc/tuned/profiles (tuned before
2.23: /etc/tuned); other profiles are never edited. Compares that file, the profile that the daemon
has applied, and the one that it applies at boot. A profile whose text has changed is applied again.

A profile that somebody has chosen by hand is not replaced unless \`replace\` says so. Chosen by
hand is what tuned-adm has set, unless tuned recommends it, or it is one that the text includes or
\`ours\` names. Other programs that switch profiles (power-profiles-daemon, tuned-ppd, TLP,
auto-cpufreq) and run are refused.`,
  args,
  returns,
  examples,
  problems: ({ text }) =>
    text === undefined || /^\[main\]\s*$/m.test(text)
      ? []
      : [{ argument: 'text', message: 'a profile has a section [main]' }],
  owns: ({ profile }) => [{ subject: 'tuned', attribute: 'profile', value: profile }],
  probe: ({ profile, text }) =>
    script({
      tool: raw('command -v tuned-adm >/dev/null || exit 127'),
      ...(text !== undefined &&
        probeFound(sh`p=/etc/tuned; [ ! -d /usr/lib/tuned/profiles ] || p=$p/profiles; p=$p/${profile}/tuned.conf`, {
          most: largestText,
        })),
      profiles: raw(
        `for at in /usr/lib/tuned/profiles /usr/lib/tuned /etc/tuned/profiles /etc/tuned; do
  for file in $at/*/tuned.conf; do [ ! -e "$file" ] || { file=\${file%/tuned.conf}; echo "\${file##*/}"; }; done
done`,
      ),
      // tuned-adm would take seconds to start, each time.
      active: raw(
        'systemctl is-active --quiet tuned.service || exit 3; busctl call com.redhat.tuned ' +
          '/Tuned com.redhat.tuned.control active_profile',
      ),
      stored: raw('[ ! -e /etc/tuned/active_profile ] || cat /etc/tuned/active_profile'),
      mode: raw('[ ! -e /etc/tuned/profile_mode ] || cat /etc/tuned/profile_mode'),
      // Asked only where it decides.
      recommended: sh`[ "$(cat /etc/tuned/profile_mode 2>/dev/null)" = manual ] && [ "$(cat /etc/tuned/active_profile)" != ${profile} ] || exit 0
tuned-adm recommend`,
      // 3 says that one does not run, 4 that none is known.
      rivals: sh`systemctl is-active -- ${rivals}`,
    }),
  read(answer, { text }): State {
    accept(answer, 'tool', [0], 'tuned-adm');
    return {
      file: text === undefined ? undefined : readText(answer),
      profiles: words(accept(answer, 'profiles', [0], 'The list of profiles').stdout),
      active: readActive(answer),
      stored: accept(answer, 'stored', [0], 'cat').stdout.trim(),
      manual: accept(answer, 'mode', [0], 'cat').stdout.trim() === 'manual',
      recommended: accept(answer, 'recommended', [0], 'tuned-adm recommend').stdout.trim(),
      rivals: readRivals(answer),
    };
  },
  decide,
});

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter(word => word !== '');
}

/** @throws CannotTell */
function readActive(answer: Answer): string | undefined {
  const { code, stdout } = accept(answer, 'active', [0, 3], 'busctl');
  if (code === 3) return undefined;
  const active = /^s "(.*)"$/m.exec(stdout)?.[1];
  if (active === undefined) throw new CannotTell(`tuned names its profile as ${JSON.stringify(stdout)}`);
  return active.trim();
}

/** @throws CannotTell */
function readRivals(answer: Answer): readonly string[] {
  const states = words(accept(answer, 'rivals', [0, 3, 4], 'systemctl').stdout);
  if (states.length !== rivals.length)
    throw new CannotTell(`systemctl answered for ${states.length} of ${rivals.length} units`);
  return rivals.filter((_, at) => /^(active|activating|reloading)$/.test(states[at]!));
}

function decide(args: Args, state: State): Decision<State> {
  const { profile, text } = args;
  const refused = refusalOf(args, state);
  if (refused) return refused;
  const stored = state.file && text !== undefined ? placeText(state.file.goal, text) : undefined;
  const switches = state.active !== profile || state.stored !== profile;
  const active = switches && `${state.active || 'no profile'} is active`;
  return storedAndLive(file => [file && 'the text differs', active].filter(Boolean).join(', and '), {
    first: 'stored',
    stored,
    // tuned applies the text of a profile when it is chosen, even where that one was active
    // already.
    live: switches || stored?.kind === 'change' ? choose(profile, state, switches) : undefined,
    same: `${profile} is active`,
    result: { before: state.active ?? '' },
    more: { verify: { within: 20 } },
  });
}

function choose(profile: string, { active, stored }: State, switches: boolean): ChangePart {
  const [before, after] = [describe(active, stored), describe(profile, profile)];
  return {
    diff: switches ? [{ subject: 'profile of tuned', before, after }] : [],
    guard: script({ chosen: sameChoice(stored) }),
    apply: script({ choose: sh`tuned-adm profile ${profile}` }),
  };
}

/** Leaves with 75 if somebody has chosen another profile since. */
function sameChoice(stored: string) {
  return sh`[ "$(cat /etc/tuned/active_profile 2>/dev/null)" = ${stored} ] || exit 75`;
}

function describe(active: string | undefined, stored: string): string {
  return `now: ${active ?? 'tuned does not run'}\nat boot: ${stored}\n`;
}

function refusalOf({ ours, profile, replace, text }: Args, state: State): Refuse | undefined {
  const { active, manual, profiles, recommended, stored } = state;
  const included = includes(text);
  const missing = (text === undefined ? [profile] : included).find(name => !profiles.includes(name));
  if (missing !== undefined) {
    return refuse(
      `tuned has no profile ${missing}`,
      'Correct the name (tuned-adm list), or install the package that brings it.',
      { needs: [{ kind: 'package', name: '*' }] },
    );
  }
  if (state.rivals.length > 0) {
    return refuse(
      `${state.rivals.join(', ')} runs, which switches profiles or governors, too`,
      `Leave it to one of the two: service: {name: ${state.rivals[0]}, state: stopped, enabled: false}.`,
      { needs: state.rivals.map(name => ({ kind: 'unit', name })) },
    );
  }
  if (active === undefined) {
    return refuse('tuned does not run', 'Start it first: service: {name: tuned, state: started, enabled: true}.', {
      needs: [{ kind: 'unit', name: 'tuned.service' }],
    });
  }
  const free = ['', profile, recommended, ...included, ...ours];
  if (replace || !manual || free.includes(stored)) return undefined;
  return refuse(
    `somebody has chosen the profile ${stored} on this host; tuned itself would take ${recommended}`,
    'Keep it and leave this task out, or say that it gives way: replace: true.',
  );
}

/** The profiles that the text builds on. */
function includes(text: string | undefined): readonly string[] {
  const list = /^\s*include\s*=\s*(.+)$/m.exec(text ?? '')?.[1] ?? '';
  return list
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '' && !name.includes('$'));
}
