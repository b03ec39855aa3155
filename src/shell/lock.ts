import type { Line } from '../events/run-start.ts';
import { raw, type ShellText, sh } from './quote.ts';
import { children } from './stop.ts';

/** A lock section leaves with this code if another run holds the host. */
export const lockedByOther = 76;

/** And with this one if a later run of its line has had the host. */
export const supersededBy = 77;

/** A run as the lock of a host knows it. */
export interface Holder {
  /** Names the run; its other shells on the host pass. */
  readonly id: string;
  /** For people: user and machine of the controller. */
  readonly who: string;
  /** Where it is among the runs that continue each other. */
  readonly line: Line;
}

/** Seconds in which what an earlier run of the line is at may end. */
const patience = 60;

/**
 * Takes the host for a run, or leaves with {@link lockedByOther} or {@link supersededBy} and says
 * who holds it. The lock belongs to the live shells that took it: it is void once their processes
 * are gone (a zombie that is not reaped is gone too), so that nothing has to be cleaned up after a
 * run that was cut off. Each user of the host has a lock of their own, because none may take away
 * another's; others also give way to root, whose lock is where only root can write.
 *
 * A run that continues others ends the shells that they have left with the same user, once those
 * are idle. The earlier runs do not get the host back: the holder file keeps the entries of runs
 * that continued others, the last eight.
 *
 * Who finds holders that are gone takes their place by a link `after.HOLDER`, which only one can
 * make, and writes its own name before the link goes: of several that come at once, one gets the
 * host.
 * @param wait seconds in which what earlier runs of the line are at may end
 */
export function takeLock({ id, who, line }: Holder, wait = patience): ShellText {
  return sh`run=${id}
who=${who}
line=${line.id} number=${line.number} wait=${wait}
${children}
${body}`;
}

const body = raw(`umask 022
root=/run/hostwright.lock
own=$root
if [ ! -w /run ]; then
  for place in /run/lock /var/lock /tmp; do [ -d "$place" ] && [ -w "$place" ] && break; done
  own=$place/hostwright-$(id -u).lock
fi
until=
startOf() { read -r stat 2>/dev/null <"/proc/$1/stat" || return; stat=\${stat##*) }; set -- $stat; [ "$1" = Z ] || \
echo "\${20}"; }
self=$$.$(startOf $$)
isThere() { [ -n "$2" ] && [ "$(startOf "$1")" = "$2" ]; }
isBusy() { [ -n "$(children "$1")" ]; }
# Ends the shell $1, which began at $2, once it is idle: in six looks it sleeps, has no child, and its
# times and page faults do not grow. It is stopped first, so that it begins nothing before it is ended.
# Its parent may be a sudo, which stops with it.
outlive() {
  [ "$1" -gt 1 ] || return 1
  read -r now _ </proc/uptime
  until=\${until:-$(( \${now%%.*} + wait ))} was= idle=0
  while isThere "$1" "$2"; do
    read -r now _ </proc/uptime
    [ "\${now%%.*}" -lt "$until" ] || return 1
    { read -r state <"/proc/$1/stat"; } 2>/dev/null || return 0
    idle=$(( idle + 1 ))
    if [ "$state" != "$was" ] || isBusy "$1"; then idle=0; fi
    was=$state state=\${state##*) }
    case $state in S*) ;; *) idle=0 ;; esac
    if [ "$idle" -gt 5 ]; then
      state=\${state#* } parent=\${state%% *}
      kill -STOP "$1" 2>/dev/null || { ! isThere "$1" "$2"; return; }
      if isBusy "$1"; then idle=0; else kill -TERM "$1"; fi
      kill -CONT "$1" "$parent" 2>/dev/null
    fi
    sleep 0.1 2>/dev/null || sleep 1
  done
}
# Gives way to those who hold $1. $seen is the process of its first entry, which took it last: another
# may do so at any moment. $kept has the entries that stay: those of this run, and of runs that
# continued others. $mine says whether this shell has an entry.
giveWay() {
  seen=none kept= mine= past=0
  [ -f "$1/holder" ] || return 0
  while read -r holder pid start of at by; do
    [ "$seen" != none ] || seen=$pid.$start
    if [ "$of" = "$line" ] && [ "$at" -gt "$number" ]; then printf '%s\\n' "$by" >&2; exit ${supersededBy}; fi
    stays=
    if [ "$holder" = "$run" ]; then
      if [ "$pid.$start" = "$self" ]; then mine=yes; fi
      stays=yes
    elif isThere "$pid" "$start"; then
      if [ "$of" = "$line" ] && [ "$at" -lt "$number" ] && outlive "$pid" "$start"; then continue; fi
      printf '%s\\n' "$by (process $pid on the host)" >&2
      exit ${lockedByOther}
    elif [ "$of" != "$line" ] && [ "$at" != 1 ] && [ "$past" -lt 8 ]; then
      past=$(( past + 1 )) stays=yes
    fi
    [ -z "$stays" ] || kept="$kept
$holder $pid $start $of $at $by"
  done <"$1/holder"
}
giveWay "$root"
if [ "$own" != "$root" ]; then
  # Where everyone may write, the name may be another user's: that does not count as a lock, and the next name is taken.
  free=
  for try in "$own" "$own.2" "$own.3" "\${HOME:-/nonexistent}/.hostwright.lock"; do
    if [ -L "$try" ] || { [ -e "$try" ] && [ ! -O "$try" ]; }; then continue; fi
    giveWay "$try"
    [ -n "$free" ] || free=$try
  done
  own=\${free:-$own}
fi
mkdir "$own" 2>/dev/null
attempt=0
# Each of the many names that a run may have for one machine takes it in turn.
while [ "$attempt" -lt 300 ]; do
  # Another user may have made it just now.
  [ -d "$own" ] && [ ! -L "$own" ] && [ -O "$own" ] || break
  [ "$attempt" = 0 ] || sleep 0.1 2>/dev/null || sleep 1
  attempt=$((attempt + 1))
  giveWay "$own"
  [ -z "$mine" ] || exit 0
  first=$seen last=$seen links=after.$seen
  while [ -L "$own/after.$last" ]; do
    taker=$(readlink "$own/after.$last") || break
    # It lives, and is about to write its name.
    if isThere "\${taker%%.*}" "\${taker#*.}"; then continue 2; fi
    last=$taker links="$links after.$taker"
  done
  ln -s "$self" "$own/after.$last" 2>/dev/null || continue
  # Another may have taken it, and cleaned up, since the holder was read.
  giveWay "$own"
  [ "$seen" = "$first" ] || continue
  printf '%s\\n' "$run $$ \${self#*.} $line $number $who$kept" >"$own/holder.$$" || exit
  mv -f "$own/holder.$$" "$own/holder" || exit
  for link in $links; do rm -f "$own/$link"; done
  exit 0
done
echo "the lock $own cannot be taken" >&2
exit 1`);
