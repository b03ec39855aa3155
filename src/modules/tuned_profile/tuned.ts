import { foundText } from '../../host/lines/text.ts';
import { CannotTell } from '../../shell/answer.ts';
import { all, ask, map, printed, type Seen } from '../../shell/look.ts';
import { raw, sh } from '../../shell/quote.ts';
import type { Args } from './schema.ts';

/** What is seen of tuned. */
export type Tuned = Seen<ReturnType<typeof tuned>>;

/** tuned: its profiles, which of them is active now and at boot, and what else switches them. */
export function tuned({ profile, text }: Pick<Args, 'profile' | 'text'>) {
  return all({
    tool: printed('tuned-adm', raw('command -v tuned-adm >/dev/null || exit 127')),
    // Where the text of the profile is owned.
    file:
      text === undefined
        ? undefined
        : foundText(sh`p=/etc/tuned; [ ! -d /usr/lib/tuned/profiles ] || p=$p/profiles; p=$p/${profile}/tuned.conf`),
    profiles,
    active,
    stored: map(printed('cat', raw('[ ! -e /etc/tuned/active_profile ] || cat /etc/tuned/active_profile')), trimmed),
    manual: map(
      printed('cat', raw('[ ! -e /etc/tuned/profile_mode ] || cat /etc/tuned/profile_mode')),
      mode => mode.trim() === 'manual',
    ),
    recommended: recommended(profile),
    rivals,
  });
}

/** The names of all profiles. */
const profiles = map(
  printed(
    'The list of profiles',
    raw(
      `for at in /usr/lib/tuned/profiles /usr/lib/tuned /etc/tuned/profiles /etc/tuned; do
  for file in $at/*/tuned.conf; do [ ! -e "$file" ] || { file=\${file%/tuned.conf}; echo "\${file##*/}"; }; done
done`,
    ),
  ),
  words,
);

/**
 * The profile that the daemon has applied; undefined where it does not run. tuned-adm would take
 * seconds to start, each time.
 */
const active = map(
  ask(
    'busctl',
    raw(
      'systemctl is-active --quiet tuned.service || exit 3; busctl call com.redhat.tuned ' +
        '/Tuned com.redhat.tuned.control active_profile',
    ),
    [0, 3],
  ),
  ({ code, stdout }) => {
    if (code === 3) return undefined;
    const found = /^s "(.*)"$/m.exec(stdout)?.[1];
    if (found === undefined) throw new CannotTell(`tuned names its profile as ${JSON.stringify(stdout)}`);
    return found.trim();
  },
);

/** What tuned itself would choose; '' where that decides nothing, and is not asked. */
function recommended(profile: string) {
  const text = sh`[ "$(cat /etc/tuned/profile_mode 2>/dev/null)" = manual ] && \
[ "$(cat /etc/tuned/active_profile)" != ${profile} ] || exit 0
tuned-adm recommend`;
  return map(printed('tuned-adm recommend', text), trimmed);
}

const others = ['power-profiles-daemon.service', 'tuned-ppd.service', 'tlp.service', 'auto-cpufreq.service'];

/** Units that switch profiles or governors, too, and run. */
const rivals = map(
  // 3 says that one does not run, 4 that none is known.
  printed('systemctl', sh`systemctl is-active -- ${others}`, [0, 3, 4]),
  text => {
    const states = words(text);
    if (states.length !== others.length)
      throw new CannotTell(`systemctl answered for ${states.length} of ${others.length} units`);
    return others.filter((_, at) => /^(active|activating|reloading)$/.test(states[at] ?? ''));
  },
);

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter(word => word !== '');
}

function trimmed(text: string): string {
  return text.trim();
}
