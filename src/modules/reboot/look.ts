import { bootId } from '../../host/boot/boot-id.ts';
import { machinePattern } from '../../host/libvirt/machines.ts';
import { all, look, map, own, printed, type Seen } from '../../shell/look.ts';
import { raw, sh } from '../../shell/quote.ts';

/** What is seen of a host that reboots. */
export type RebootState = Seen<ReturnType<typeof rebootState>>;

/** The boot id, running guests, and how the system is. */
export function rebootState(test: string | undefined) {
  return all({ bootId, domains, machines, system, failure: test === undefined ? undefined : failure(test) });
}

/** Guests that libvirt runs. It may be stopped: then its guests are still among the processes. */
const domains = look(
  { [own]: raw('command -v virsh >/dev/null || exit 0; virsh -r -c qemu:///system list --name') },
  answer => (answer[own]?.code === 0 ? answer[own].stdout.split('\n').filter(name => name !== '') : []),
);

/** Processes of virtual machines, libvirt's or not: `qemu-system-x86 (4711)`. @throws CannotTell */
export const machines = map(
  printed(
    'a look at all processes',
    // 9 where processes of others are hidden; processes that end meanwhile make grep leave with 2.
    sh`[ -r /proc/1/comm ] || exit 9; grep -sHE ${machinePattern} /proc/[0-9]*/comm`,
    [0, 1, 2],
  ),
  text => [...text.matchAll(/^\/proc\/(\d+)\/comm:(.*)$/gm)].map(([, pid, name]) => `${name} (${pid})`),
);

/** What systemd says about the system as a whole; '' where there is no systemd. */
const system = look(
  { [own]: raw('if [ -d /run/systemd/system ]; then systemctl is-system-running; fi') },
  answer => answer[own]?.stdout.trim() ?? '',
);

/** Why the test command failed; undefined if it did not. */
function failure(test: string) {
  return look({ [own]: sh`exec /bin/sh -c ${test}` }, ({ [own]: found }) => {
    if (!found || found.code === 0) return undefined;
    return found.stderr.trim() || found.stdout.trim() || `exit code ${found.code}`;
  });
}
