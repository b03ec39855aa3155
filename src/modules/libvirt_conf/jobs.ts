import { virsh } from '../../host/libvirt/virsh.ts';
import { type Look, map, printed } from '../../shell/look.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';

/**
 * Prints a line for each job of a running domain that a restart of the daemon could break: a
 * migration, a save, a dump, a backup (`domjobinfo`), and what copies or merges a disk
 * (`blockjob`). It fails where one domain could not be asked: half a list would be taken for the
 * whole.
 */
export function runningJobs(uri: string): ShellText {
  const call = virsh(uri);
  return sh`ids=$(${call} list --uuid) || exit 1
ids=$(printf '%s\\n' "$ids" | grep .) || exit 0
${functions(uri)}
told=$(printf '%s\\n' "$ids" | \
awk '{ printf "echo asked %s :; domjobinfo %s; domblklist %s; ", $1, $1, $1 } ${batch}' | ask)
check "$told" "$ids"
printf '%s\\n' "$told" | awk '$1 == "asked" { id = $2 } /^Job type:/ && $3 != "None" { print id, "has a job:", $3 }'
disks=$(printf '%s\\n' "$told" | \
awk '$1 == "asked" { id = $2; next } /^ *[a-z]+[0-9]* +[^ ]/ && $2 != "-" { print id, $1 }')
[ -n "$disks" ] || exit 0
told=$(printf '%s\\n' "$disks" | awk '{ printf "echo asked %s %s :; blockjob %s %s; ", $1, $2, $1, $2 } ${batch}' | ask)
check "$told" "$disks"
printf '%s\\n' "$told" | awk '$1 == "asked" { who = $2 " " $3; next } NF && !/^No current block job/ { \
print who, "has a job:", $0 }' | tr -d '\\r' | tr -s ' '`;
}

/** An argument of virsh has at most 128 KiB. */
const batch = raw('NR % 100 == 0 { print "" } END { print "" }');

/**
 * `ask` has lines of commands carried out; what virsh echoes has no line of its own in every
 * version. `check` leaves at an error or half an answer.
 */
function functions(uri: string): ShellText {
  return sh`ask() { while IFS= read -r line; do [ -z "$line" ] || ${virsh(uri)} "$line" 2>&1; done | \
sed 's/asked [^:]*:/\\n&\\n/g'; }
check() {
  if printf '%s\\n' "$1" | grep '^error:' >&2; then exit 1; fi
  [ "$(printf '%s\\n' "$1" | grep -c '^asked ')" = "$(printf '%s\\n' "$2" | grep -c .)" ] || { \
echo 'virsh did not answer for all' >&2; exit 1; }
}`;
}

/**
 * {@link runningJobs} where a daemon runs: without one there are no jobs, and to ask would start
 * it.
 * @throws CannotTell
 */
export function jobsOfDaemon(uri: string): Look<readonly string[]> {
  const text = join([
    raw(
      'for u in libvirtd virtqemud; do p=$(systemctl show -p MainPID --value -- ' +
        '$u.service); [ "${p:-0}" -eq 0 ] || break; done',
    ),
    raw('[ "${p:-0}" -gt 0 ] || exit 0'),
    runningJobs(uri),
  ]);
  return map(printed('virsh', text), found => found.split('\n').filter(line => line !== ''));
}
