import assert from 'node:assert/strict';
import type { Lab } from './lab.ts';

/** Asserts that a hypervisor gives its guests what playbooks/site.yml tunes it for. */
export async function assertTuned(lab: Lab): Promise<void> {
  assert.equal(await lab.sh('cat /sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages'), '2');
  for (const guest of ['vm1', 'vm2']) {
    const xml = await lab.sh(`virsh dumpxml --inactive ${guest}`);
    for (const part of ['<iothreads>', '<vcpupin vcpu=', "cache='none'", "io='threads'"])
      assert.ok(xml.includes(part), part);
  }
  assert.match(await lab.sh('virsh dumpxml --inactive vm2'), /<hugepages>/);
  await lab.startGuest('vm1');
  assert.match(await lab.sh('virsh -q iothreadinfo vm1'), /^ *1 /);
}

/** The id of the boot that a host is in. */
export function bootId(lab: Lab): Promise<string> {
  return lab.sh('cat /proc/sys/kernel/random/boot_id');
}
