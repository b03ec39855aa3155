import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import { type AptChoices, aptWords } from './apt.ts';
import { type DnfChoices, dnfWords } from './dnf.ts';
import type { Manager } from './plan.ts';

export interface PackageArguments {
  readonly name: readonly string[];
  readonly state: 'present' | 'absent' | 'latest';
  readonly update_cache: boolean;
  /** Seconds for which the package lists are fresh. */
  readonly cache_valid_time: number;
  readonly install_recommends?: boolean;
  readonly allow_removal: boolean;
  /** Seconds to wait for the lock. */
  readonly lock_timeout: number;
  /** The manager that the host must have; absent: whichever it has. */
  readonly manager?: Manager;
  readonly apt?: AptChoices;
  readonly dnf?: DnfChoices;
}

/** Whether the whole system is concerned, or a file, and not packages by name. */
export function isWhole({ name, apt, dnf }: PackageArguments): boolean {
  if (apt) return apt.upgrade !== undefined || apt.deb !== undefined || (apt.autoremove && name.length === 0);
  return dnf?.upgrade ?? false;
}

/** Sets `$m` to the package manager of the host. */
function detect({ manager }: PackageArguments): ShellText {
  const known = raw(manager ?? 'apt-get dnf apk');
  return sh`m=none; for c in ${known}; do if command -v $c >/dev/null; then m=$c; break; fi; done`;
}

/**
 * Sets `$i` to a line `NAME=VERSION` for each package that is there, and reports what could not be
 * read. A package whose configuration alone was left behind is there only for a purge.
 */
function installed({ name: names, apt }: PackageArguments): ShellText {
  const status = raw(apt?.purge ? "-e 's/^config-files //p' -e 's/^installed //p'" : "'s/^installed //p'");
  const bare = names.map(name => name.replace(/[=/].*$/, ''));
  return sh`case $m in
apt-get) i=$(dpkg-query -W -f ${'${db:Status-Status} ${Package}=${Version}\\n'} -- ${bare}); c=$?; i=$(printf '%s\n' "$i" | sed -n ${status});;
dnf) i=; c=0; for n in ${names}; do v=$(rpm -q --qf ${'%{EVR} '} -- "$n") || v=$(rpm -q --qf ${'%{EVR} '} --whatprovides -- "$n") || continue; v=${lastWord}; i="$i
$n=$v"; done;;
apk) i=; c=0; for n in ${names}; do v=$(apk info -e -v "$n") || continue; i="$i
$n=\${v#"\${n%%[=<>~]*}-"}"; done;;
*) exit 0;; esac`;
}

/** Several versions of a package may be there: the last in `$v` counts. */
const lastWord = raw('$(printf %s "$v" | sed "s/ *$//; s/.* //")');

/** Leaves the names in `$@` for which there is something to do. */
function remaining({ name, state, dnf }: PackageArguments): ShellText {
  if (state === 'latest' && !dnf?.update_only) return sh`set -- ${name}`;
  const [there, absent] = state === 'present' ? [':', 'set -- "$@" "$n"'] : ['set -- "$@" "$n"', ':'];
  return sh`set --; for n in ${name}; do case "
$i
" in *"
$n="*|*"
$n
"*) ${raw(there)};; *) ${raw(absent)};; esac; done`;
}

/** What the manager itself says it would do; it changes nothing and takes no lock. */
function simulate(args: PackageArguments): ShellText {
  const { state } = args;
  // Only with -y it says that a downgrade or a held package would stop it.
  const apt = sh`apt-get -s -q ${raw(args.apt ? '-y ' : '')}${aptWords(args, raw('"$@"'))}`;
  const dnf = sh`dnf --assumeno ${dnfWords(args, raw('"$@"'))}`;
  const apk = raw({ absent: 'del --simulate', present: 'add --simulate', latest: 'add --simulate -u' }[state]);
  return sh`case $m in apt-get) ${apt};;
dnf) ${dnf};;
apk) apk ${apk} "$@";; esac`;
}

/** The questions to whichever package manager is there. */
export function probePackages(args: PackageArguments): Record<string, ShellText> {
  const { name, update_cache } = args;
  return {
    manager: join([detect(args), raw('echo $m')]),
    ...(name.length > 0 && {
      installed: join([detect(args), installed(args), raw('printf "%s\\n" "$i"; exit $c')]),
      plan: join([
        detect(args),
        sh`{ ${installed(args)}\n} 2>/dev/null`,
        remaining(args),
        raw('if [ $# -eq 0 ]; then exit 0; fi'),
        simulate(args),
      ]),
    }),
    ...(isWhole(args) && { plan: join([detect(args), simulate(args)]) }),
    ...(update_cache && { cache: join([detect(args), cacheAge]) }),
  };
}

/**
 * When the lists were fetched last, and what time it is. An image may come with the folder and
 * without lists.
 */
const cacheAge = raw(`case $m in
apt-get) set -- /var/lib/apt/lists/*_Packages*; if [ -e "$1" ]; then stat -c %Y /var/lib/apt/periodic/update-success-stamp /var/lib/apt/lists 2>/dev/null | sort -n | tail -n 1; else echo 0; fi;;
dnf) stat -c %Y /var/cache/libdnf5 /var/cache/dnf 2>/dev/null | sort -n | tail -n 1;;
apk) set -- /var/cache/apk/APKINDEX*; if [ -e "$1" ]; then stat -c %Y /var/cache/apk; else echo 0; fi;;
esac
date +%s`);
