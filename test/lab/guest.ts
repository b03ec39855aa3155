import type { Lab } from './lab.ts';

/** The process of a running guest. */
export async function pidOf(lab: Lab, guest: string): Promise<string> {
  return await lab.sh(`cat /run/libvirt/qemu/${guest}.pid`);
}

/** The CPUs that the kernel lets each named thread of a guest run on: `{"CPU 0/KVM": "2"}`. */
export async function affinityOf(lab: Lab, guest: string): Promise<Record<string, string>> {
  const pid = await pidOf(lab, guest);
  const rows = await lab.sh(
    `for t in /proc/${pid}/task/*; do echo "$(cat $t/comm)=$(taskset -cp \${t##*/} | sed 's/.*: //')"; done`,
  );
  return Object.fromEntries(rows.split('\n').map(row => [row.slice(0, row.lastIndexOf('=')), row.split('=').at(-1)!]));
}

/** Waits until the guest has written to its disk once more, which it does every few seconds. */
export async function waitForWrite(lab: Lab, guest: string): Promise<void> {
  const writes = `$(virsh domblkstat ${guest} vda | awk '$2 == "wr_req" { print $3 }')`;
  const late = `{ echo '${guest} writes no more' >&2; exit 1; }`;
  await lab.sh(
    `i=0; first=${writes}; until [ "${writes}" -gt "$first" ]; do i=$((i + 1)); [ $i -lt 60 ] || ${late}; sleep 1; done`,
  );
}

/** The stored definition with its secrets. */
export async function definitionOf(lab: Lab, guest: string): Promise<string> {
  return await lab.sh(`virsh dumpxml --inactive --security-info ${guest}`);
}

/** Edits a stored definition as somebody at a terminal would. */
export async function editByHand(lab: Lab, guest: string, sed: string): Promise<void> {
  const dump = `virsh dumpxml --inactive --security-info ${guest}`;
  await lab.sh(
    `${dump} > /root/edit.xml && sed -i ${sed} /root/edit.xml && virsh -q define /root/edit.xml; rm /root/edit.xml`,
  );
}

/** Keeps a stored definition, for a test that is over before the next one begins. */
export async function keepDefinition(lab: Lab, guest: string): Promise<{ restore: () => Promise<void> }> {
  const file = `/root/${guest}-kept.xml`;
  await lab.sh(`virsh dumpxml --inactive --security-info ${guest} > ${file}`);
  return { restore: async () => void (await lab.sh(`virsh -q define ${file}; rm ${file}`)) };
}
