import { join, raw, type ShellText, sh } from '../../shell/quote.ts';

/** What dnf is told in addition to names and state; the module `package` leaves all of it out. */
export interface DnfChoices {
  readonly enablerepo: readonly string[];
  readonly disablerepo: readonly string[];
  readonly exclude: readonly string[];
  /** Leaves packages out that are not installed. */
  readonly update_only: boolean;
  readonly allowerasing: boolean;
  readonly nobest: boolean;
  readonly allow_downgrade: boolean;
  /** All that is installed is upgraded, and not packages by name. */
  readonly upgrade: boolean;
}

interface DnfTask {
  readonly state: 'present' | 'absent' | 'latest';
  readonly install_recommends?: boolean;
  readonly dnf?: DnfChoices;
}

/**
 * The arguments of dnf for its dry run and for the change alike: options, verb, and the names as
 * the caller has them.
 */
export function dnfWords({ state, install_recommends, dnf }: DnfTask, names: ShellText): ShellText {
  const options = [
    ...repositoryOptions(dnf),
    ...(dnf?.exclude ?? []).map(name => sh`--exclude=${name}`),
    dnf?.allowerasing && raw('--allowerasing'),
    // Without it install is content with a version that is there, unless dnf.conf says best.
    dnf?.nobest ? raw('--nobest') : state === 'latest' && !dnf?.upgrade && raw('--best'),
    state !== 'absent' &&
      install_recommends !== undefined &&
      raw(`--setopt=install_weak_deps=${install_recommends ? 'True' : 'False'}`),
  ];
  const verb = dnf?.upgrade ? raw('upgrade') : sh`${raw(state === 'absent' ? 'remove' : 'install')} ${names}`;
  return join([...options, verb], ' ');
}

/** Which repositories dnf looks at. */
export function repositoryOptions(dnf: DnfChoices | undefined): readonly ShellText[] {
  return [
    ...(dnf?.disablerepo ?? []).map(name => sh`--disablerepo=${name}`),
    ...(dnf?.enablerepo ?? []).map(name => sh`--enablerepo=${name}`),
  ];
}

/**
 * dnf itself would wait for ever. Its lock is a file with the number of the process, which may be
 * left over.
 */
export function waitForDnf(timeout: number): ShellText {
  return sh`t=0
while :; do
h=
for f in /var/cache/dnf/*_lock.pid /var/lib/dnf/*_lock.pid; do
if [ -e "$f" ]; then p=$(cat "$f"); else continue; fi
case $p in ''|*[!0-9]*) continue;; esac
if [ -d "/proc/$p" ]; then h="$h$p "; fi
done
if [ -z "$h" ]; then exit 0; fi
if [ $t -ge ${timeout} ]; then break; fi
t=$((t + 1)); sleep 1
done
for p in $h; do echo "dnf is locked by process $p: $(tr '\\0' ' ' < /proc/$p/cmdline)" >&2; done
exit 1`;
}
