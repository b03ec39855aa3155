import { type Refuse, refuse } from '../../decision.ts';
import { virsh } from '../../host/libvirt/virsh.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import type { Daemon } from './daemon.ts';
import { runningJobs } from './jobs.ts';

/**
 * Where the old file is kept until libvirt has answered: next to it, so that it goes back in one
 * step and with the same label.
 */
export function keptAs(path: string): string {
  return `${path}.hostwright-old`;
}

/**
 * Restarts the daemon and waits until it answers. With the path of a file that has changed: if it
 * does not, the kept one is put back, and the daemon started with that. One section, so that a
 * daemon which does not come back is always seen to.
 */
export function restartDaemon(uri: string, { unit }: Daemon, path: string | undefined): ShellText {
  const service = `${unit}.service`;
  const answers = sh`systemctl restart -- ${service} && timeout 120 ${virsh(uri)} uri >/dev/null`;
  if (path === undefined) return answers;
  const kept = keptAs(path);
  return sh`if ${answers}; then rm -f -- ${kept}; exit 0; fi
mv -f -- ${kept} ${path} || exit 1
systemctl reset-failed -- ${service}
if ${answers}; then echo ${`libvirt does not start with these settings; ${path} was put back, and it runs again`} >&2
else echo ${`libvirt does not start, and ${path} was put back`} >&2; fi
exit 1`;
}

/** Leaves with 75 if another process is the daemon by now, or a job has begun. */
export function noJobsStill(uri: string, { pid, unit }: Daemon): ShellText {
  return sh`[ "$(systemctl show -p MainPID --value -- ${`${unit}.service`})" = ${pid} ] || exit 75
jobs=$(${runningJobs(uri)}
) || exit 1
[ -z "$jobs" ] || exit 75`;
}

/** Why the daemon is not restarted now; undefined where it may be. */
export function refuseRestart(daemon: Daemon, jobs: readonly string[]): Refuse | undefined {
  if (!daemon.sparesGuests) {
    return refuse(
      `a restart of ${daemon.unit} could kill guests: its KillMode is not process`,
      'Somebody has changed its unit. See systemctl cat, or say restart: false.',
    );
  }
  if (jobs.length === 0) return undefined;
  return refuse(
    `${daemon.unit} is not restarted while jobs run: ${jobs.join('; ')}`,
    'Wait until they are over (virsh domjobinfo, virsh blockjob), or say restart: false.',
  );
}
