import { raw, type ShellText, sh } from './quote.ts';

/** A lock section leaves with this code if another run holds the host. */
export const lockedByOther = 76;

/**
 * Takes the host for a run, or leaves with {@link lockedByOther} and says who holds it. The lock
 * belongs to the live shell that took it: it is void once that process is gone (a zombie that is
 * not reaped is gone too), so that nothing has to be cleaned up after a run that was cut off. Each
 * user of the host has a lock of their own, because none may take away another's; others also give
 * way to root, whose lock is where only root can write.
 *
 * Who finds a holder that is gone takes its place by a link `after.HOLDER`, which only one can
 * make, and writes its own name before the link goes: of several that come at once, one gets the
 * host.
 * @param run names the run; its other shells on the host pass.
 * @param who for people: user and machine of the controller.
 */
export function takeLock(run: string, who: string): ShellText {
  return sh`run=${run}
who=${who}
${body}`;
}

const body = raw(`root=/run/hostwright.lock
own=$root
if [ ! -w /run ]; then
  for place in /run/lock /var/lock /tmp; do [ -d "$place" ] && [ -w "$place" ] && break; done
  own=$place/hostwright-$(id -u).lock
fi
startOf() { read -r stat 2>/dev/null <"/proc/$1/stat" || return; stat=\${stat##*) }; set -- $stat; [ "$1" = Z ] || \
echo "\${20}"; }
# Who holds $1 is in $seen from here on: another may take it at any moment.
giveWay() {
  holder= pid= start= by= seen=none
  { read -r holder pid start by <"$1/holder"; } 2>/dev/null || return
  seen=$pid.$start
  [ "$holder" = "$run" ] && return
  [ -n "$start" ] && [ "$(startOf "$pid")" = "$start" ] || return
  echo "$by (process $pid on the host)" >&2
  exit ${lockedByOther}
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
self=$$.$(startOf $$)
attempt=0
# Each of the many names that a run may have for one machine takes it in turn.
while [ "$attempt" -lt 300 ]; do
  [ "$attempt" = 0 ] || sleep 0.1 2>/dev/null || sleep 1
  attempt=$((attempt + 1))
  giveWay "$own"
  first=$seen last=$seen
  while [ -L "$own/after.$last" ]; do
    taker=$(readlink "$own/after.$last") || break
    # It lives, and is about to write its name.
    if [ "$(startOf "\${taker%%.*}")" = "\${taker#*.}" ]; then continue 2; fi
    last=$taker
  done
  ln -s "$self" "$own/after.$last" 2>/dev/null || continue
  # Another may have taken it, and cleaned up, since the holder was read.
  giveWay "$own"
  [ "$seen" = "$first" ] || continue
  echo "$run $$ \${self#*.} $who" >"$own/holder.$$" && mv -f "$own/holder.$$" "$own/holder" || exit
  rm -f "$own"/after.*
  exit 0
done
echo "the lock $own cannot be taken" >&2
exit 1`);
