import { machinePattern } from '../../host/libvirt/machines.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import { startAgain } from './guests.ts';
import type { RebootState } from './look.ts';

function isBoot(bootId: string): ShellText {
  return sh`[ "$(cat /proc/sys/kernel/random/boot_id)" = ${bootId} ]`;
}

/**
 * Starts the guests of a host that has not gone down. One that has may be unfit for them, and says
 * so by its proof.
 */
export function startGuests({ bootId, domains }: RebootState): ShellText {
  const left = `the host has rebooted, and these guests are left off unless they start with it: ${domains.join(', ')}`;
  return join([sh`${isBoot(bootId)} || { printf '%s\\n' ${left} >&2; exit 1; }`, startAgain(domains)]);
}

/** The same boot, and no guest that was not there before. */
export function stillSo({ bootId, machines }: RebootState): ShellText {
  return join([
    sh`${isBoot(bootId)} || exit 75`,
    sh`[ "$(grep -sE ${machinePattern} /proc/[0-9]*/comm | grep -c .)" -le ${machines.length} ] || exit 75`,
  ]);
}

/**
 * Returns before the link dies: what brings the host down has left the session and waits a moment.
 */
export function goDown(delay: number, message: string): ShellText {
  const down = raw('if [ -d /run/systemd/system ]; then exec systemctl reboot; else exec reboot; fi');
  return join([
    sh`if command -v logger >/dev/null; then logger -t hostwright ${message}; fi`,
    raw('s=; if command -v setsid >/dev/null; then s=setsid; fi'),
    sh`$s /bin/sh -c ${`sleep ${delay}; ${down.text}`} </dev/null >/dev/null 2>&1 &`,
  ]);
}
