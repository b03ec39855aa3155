import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import { type Script, script } from '../../shell/script.ts';
import { aptWords } from './apt.ts';
import { isWhole, type PackageArguments } from './arguments.ts';
import { dnfWords, repositoryOptions, waitForDnf } from './dnf.ts';
import type { Manager } from './plan.ts';

/** The script that does it: wait for the lock, fetch the lists if need be, install or remove. */
export function applyPackages(
  manager: Manager,
  args: PackageArguments,
  names: readonly string[],
  refresh: boolean,
): Script {
  return script({
    ...(manager === 'apt-get' && { lock: waitForLock(args.lock_timeout) }),
    ...(args.dnf && { lock: waitForDnf(args.lock_timeout) }),
    ...(refresh && { refresh: refreshLists(manager, args) }),
    ...((names.length > 0 || isWhole(args)) && { packages: { 'apt-get': apt, dnf, apk }[manager](args, names) }),
  });
}

/**
 * No one can be asked, and a changed configuration file stays; needrestart must not restart libvirt
 * under its guests.
 */
const aptEnvironment = raw(
  'export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l NEEDRESTART_SUSPEND=1 UCF_FORCE_CONFFOLD=1',
);

function apt(args: PackageArguments, names: readonly string[]): ShellText {
  const options = join(
    [
      raw('-y -q -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold'),
      sh`-o DPkg::Lock::Timeout=${args.lock_timeout}`,
      args.state !== 'absent' && !args.allow_removal && raw('--no-remove'),
      aptWords(args, sh`${names}`),
    ],
    ' ',
  );
  return join([aptEnvironment, sh`apt-get ${options}`]);
}

function dnf(args: PackageArguments, names: readonly string[]): ShellText {
  return sh`dnf -y ${dnfWords(args, sh`${names}`)}`;
}

function apk(args: PackageArguments, names: readonly string[]): ShellText {
  const wait = sh`--wait ${args.lock_timeout}`;
  if (args.state === 'absent') return sh`apk ${wait} del ${names}`;
  return sh`apk ${wait} add ${raw(args.state === 'latest' ? '-u ' : '')}${names}`;
}

/**
 * The time of the stamp is what the probe compares: the lists themselves keep the times of the
 * server.
 */
function refreshLists(manager: Manager, { lock_timeout, apt: choices, dnf: dnfChoices }: PackageArguments): ShellText {
  if (manager === 'apt-get') {
    // Else a list that could not be fetched is a mere warning.
    const strict = raw(choices ? ' -o APT::Update::Error-Mode=any' : '');
    return sh`${aptEnvironment}\napt-get -q${strict} update && mkdir -p /var/lib/apt/periodic && \
touch /var/lib/apt/periodic/update-success-stamp`;
  }
  if (manager === 'apk') return sh`apk --wait ${lock_timeout} update && touch /var/cache/apk`;
  const options = join([raw('dnf -y'), ...repositoryOptions(dnfChoices)], ' ');
  return sh`${options} makecache --refresh && for d in /var/cache/libdnf5 /var/cache/dnf; do [ ! -d $d ] || touch $d; \
done`;
}

/**
 * Says who holds the lock while it waits: /proc/locks knows the process by the inode of the file.
 */
function waitForLock(timeout: number): ShellText {
  return sh`t=0
while :; do
h=
for f in /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock; do
if [ -e $f ]; then h=$h$(sed -n "s/^[0-9]*: *POSIX *ADVISORY *WRITE *\\([0-9]*\\) [^ ]*:$(stat -c %i $f) .*/\\1 /p" \
/proc/locks); fi
done
if [ -z "$h" ]; then exit 0; fi
if [ $t -ge ${timeout} ]; then break; fi
t=$((t + 1)); sleep 1
done
for p in $h; do echo "dpkg is locked by process $p: $(tr '\\0' ' ' < /proc/$p/cmdline)" >&2; done
exit 1`;
}
