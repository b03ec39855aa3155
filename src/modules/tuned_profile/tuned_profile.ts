import { type ChangePart, storedAndLive } from '../../decision.ts';
import { placeText } from '../../host/file/place-text.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { refusalOf } from './refuse.ts';
import { args, examples, returns } from './schema.ts';
import { type Tuned, tuned } from './tuned.ts';

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
  look: args => tuned(args),
  decide(args, state) {
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
  },
});

function choose(profile: string, { active, stored }: Tuned, switches: boolean): ChangePart {
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
