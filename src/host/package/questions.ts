import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import { aptWords } from './apt.ts';
import { isWhole, type PackageArguments } from './arguments.ts';
import { dnfWords } from './dnf.ts';

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
apt-get) i=$(dpkg-query -W -f ${'${db:Status-Status} ${Package}=${Version}\\n'} -- ${bare}); c=$?; \
i=$(printf '%s\n' "$i" | sed -n ${status});;
dnf) i=; c=0; for n in ${names}; do v=$(rpm -q --qf ${'%{EVR} '} -- "$n") || \
v=$(rpm -q --qf ${'%{EVR} '} --whatprovides -- "$n") || continue; v=${lastWord}; i="$i
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

/** Names the package manager of the host; `none` where it has none. */
export function askManager(args: PackageArguments): ShellText {
  return join([detect(args), raw('echo $m')]);
}

/** A line `NAME=VERSION` for each of the packages that is there. */
export function askInstalled(args: PackageArguments): ShellText {
  return join([detect(args), installed(args), raw('printf "%s\\n" "$i"; exit $c')]);
}

/** What the manager would do, as it prints that itself. */
export function askPlan(args: PackageArguments): ShellText {
  if (isWhole(args)) return join([detect(args), simulate(args)]);
  return join([
    detect(args),
    sh`{ ${installed(args)}\n} 2>/dev/null`,
    remaining(args),
    raw('if [ $# -eq 0 ]; then exit 0; fi'),
    simulate(args),
  ]);
}

/** When the lists were fetched last, where that is known, and what time it is: each on a line. */
export function askAge(args: PackageArguments): ShellText {
  return join([detect(args), cacheAge]);
}

/** An image may come with the folder and without lists. */
const cacheAge = raw(`case $m in
apt-get) set -- /var/lib/apt/lists/*_Packages*; if [ -e "$1" ]; then \
stat -c %Y /var/lib/apt/periodic/update-success-stamp /var/lib/apt/lists 2>/dev/null | sort -n | tail -n 1; else \
echo 0; fi;;
dnf) stat -c %Y /var/cache/libdnf5 /var/cache/dnf 2>/dev/null | sort -n | tail -n 1;;
apk) set -- /var/cache/apk/APKINDEX*; if [ -e "$1" ]; then stat -c %Y /var/cache/apk; else echo 0; fi;;
esac
date +%s`);
