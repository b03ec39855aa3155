import assert from 'node:assert/strict';
import type { Lab } from './lab.ts';

/** A running guest writes to its disk. */
const guestDisks = '/var/lib/libvirt/images/*.raw';

/** What is written by the system itself, or by any look at it: logs, caches, what sshd notes. */
const noise = [
  '/dev',
  '/proc',
  '/run',
  '/sys',
  '/tmp',
  '/var/log',
  '/var/cache',
  '/var/tmp',
  '/var/lib/systemd',
  '/var/lib/libvirt/qemu',
  '/root/.cache',
  guestDisks,
];

/** Kernel settings that are counters, and those that change by themselves. */
const volatile = /^(fs\.(dentry-state|file-nr|inode|aio-nr|quota)|kernel\.(random|ns_last_pid|pty\.nr)|net\.netfilter)/;

const look = `
echo '== volume groups'; vgs --noheadings -o vg_name,vg_uuid,vg_seqno
echo '== logical volumes'; lvs -a --noheadings -o lv_full_name,lv_size,lv_tags,lv_read_ahead,lv_kernel_read_ahead
echo '== device mapper'; dmsetup table
echo '== domains'
for name in $(virsh -q list --all --name | sort); do
  all="$all echo $name; domstate $name; dumpxml --inactive --security-info $name;"
done
virsh -q "$all"
echo '== guests'
for at in $(grep -sl '^qemu' /proc/[0-9]*/comm); do
  for thread in "\${at%comm}"task/*; do
    # QEMU starts and ends its workers as it needs them, also while this reads.
    name=$(cat "$thread/comm") && cpus=$(grep Cpus_allowed_list "$thread/status") || continue
    case $name in worker*) ;; *) echo "$thread $cpus" ;; esac
  done
done 2>/dev/null
echo '== mounts'; cat /proc/mounts
echo '== swap'; cat /proc/swaps
echo '== boot'; md5sum /boot/grub/grub.cfg /etc/default/grub /etc/default/grub.d/*; cat /proc/cmdline
echo '== huge pages'; grep -r . /sys/devices/system/node/node*/hugepages/*/nr_hugepages
echo '== packages'; dpkg-query -W | md5sum
echo '== services'; find /etc/systemd/system -type l | sort | md5sum
echo '== disks'; for disk in /dev/disk/by-id/virtio-HWDATA?; do echo "$disk $(head -c 16M "$disk" | md5sum)"; done
# The lock of a run that is over is void, and stays.
echo '== left behind'; ls -d /tmp/* /run/hostwright* 2>/dev/null | grep -vx /run/hostwright.lock
echo '== modules'; cut -d ' ' -f 1 /proc/modules | sort | xargs
`;

const border = '== kernel settings';

/** The condition of a host, told by other commands than those of the modules. */
export type Condition = { at: string; text: string; settings: string[] };

/** Looks at the host. */
export async function lookAt(lab: Lab): Promise<Condition> {
  const answer = await lab.sh(`${look}\necho '${border}'; sysctl -a 2>/dev/null; sleep 0.1; date +%s.%N`);
  const [text, rest] = answer.split(`${border}\n`) as [string, string];
  const lines = rest.split('\n');
  return { at: lines.at(-1)!, text, settings: lines.slice(0, -1).filter(line => !volatile.test(line)) };
}

/** Asserts that the host is what it was: nothing was written, set, started or stopped since. */
export async function assertUntouched(lab: Lab, before: Condition, what: string): Promise<void> {
  const leave = noise.map(path => `-path '${path}' -prune -o`).join(' ');
  // ctime: a file that was written, renamed, removed or given another mode shows, at itself or at
  // its directory.
  const written = await lab.sh(`find / -xdev ${leave} -newerct @${before.at} -print`);
  assert.equal(written, '', `${what} has written files`);
  const now = await lookAt(lab);
  assert.equal(now.text, before.text, `${what} has changed the host`);
  assert.deepEqual(now.settings, before.settings, `${what} has changed kernel settings`);
}
