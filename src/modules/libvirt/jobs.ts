import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';
import { accept } from '../module.ts';
import { virsh } from './virsh.ts';

/**
 * Prints a line for each job of a running domain that a restart of the daemon could break: a migration, a save, a dump, a backup (`domjobinfo`), and what
 * copies or merges a disk (`blockjob`). It fails where one domain could not be asked: half a list would be taken for the whole.
 */
export function runningJobs(uri: string): ShellText {
  const call = virsh(uri);
  return sh`ids=$(${call} list --uuid) || exit 1
ids=$(printf '%s\\n' "$ids" | grep .) || exit 0
ask() { while IFS= read -r batch; do [ -z "$batch" ] || ${call} "$batch" 2>&1; done; }
fail() { printf '%s\\n' "$1" | grep '^error:' >&2 && exit 1; }
told=$(printf '%s\\n' "$ids" | awk '{ printf "echo domain %s; domjobinfo %s; domblklist %s; ", $1, $1, $1 } NR % 100 == 0 { print "" } END { print "" }' | ask)
fail "$told"
printf '%s\\n' "$told" | awk -v want="$(printf '%s\\n' "$ids" | grep -c .)" '$1 == "domain" { id = $2 } /^Job type:/ { got++; if ($3 != "None") print id, "has a job:", $3 } END { exit got != want }' || exit 1
disks=$(printf '%s\\n' "$told" | awk '$1 == "domain" { id = $2; next } /^ *[a-z]+[0-9]* +[^ ]/ && $2 != "-" { print id, $1 }')
[ -n "$disks" ] || exit 0
told=$(printf '%s\\n' "$disks" | awk '{ printf "echo disk %s %s; blockjob %s %s; ", $1, $2, $1, $2 } NR % 100 == 0 { print "" } END { print "" }' | ask)
fail "$told"
printf '%s\\n' "$told" | awk -v want="$(printf '%s\\n' "$disks" | grep -c .)" '$1 == "disk" && NF == 3 { got++; id = $2; disk = $3; next } NF && !/^No current block job/ { print id, disk, "has a job:", $0 } END { exit got != want }'`;
}

/** The lines that {@link runningJobs} printed. @throws CannotTell */
export function readJobs(answer: Answer, section: string): readonly string[] {
  return accept(answer, section, [0], 'virsh')
    .stdout.split('\n')
    .filter(line => line !== '');
}

/** {@link runningJobs} where a daemon runs: without one there are no jobs, and to ask would start it. */
export function jobsOfDaemon(uri: string): ShellText {
  return join([
    raw(
      'for u in libvirtd virtqemud; do p=$(systemctl show -p MainPID --value -- $u.service); [ "${p:-0}" -eq 0 ] || break; done',
    ),
    raw('[ "${p:-0}" -gt 0 ] || exit 0'),
    runningJobs(uri),
  ]);
}
