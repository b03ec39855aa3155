import { machinePattern } from '../../host/libvirt/machines.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { raw, type ShellText, sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';

export interface RebootState {
  /** Changes with every boot. */
  readonly bootId: string;
  /** Guests that libvirt runs. */
  readonly domains: readonly string[];
  /** Processes of virtual machines, libvirt's or not: `qemu-system-x86 (4711)`. */
  readonly machines: readonly string[];
  /** What systemd says about the system as a whole; '' where there is no systemd. */
  readonly system: string;
  /** Why the test command failed; undefined if it did not. */
  readonly failure: string | undefined;
}

/** Boot id, running guests, and how the system is. */
export function probeReboot(test: string | undefined): Record<string, ShellText> {
  return {
    boot: raw('cat /proc/sys/kernel/random/boot_id'),
    domains: raw('command -v virsh >/dev/null || exit 0; virsh -r -c qemu:///system list --name'),
    // 9 where processes of others are hidden; processes that end meanwhile make grep leave with 2.
    machines: sh`[ -r /proc/1/comm ] || exit 9; grep -sHE ${machinePattern} /proc/[0-9]*/comm`,
    system: raw('if [ -d /run/systemd/system ]; then systemctl is-system-running; fi'),
    ...(test !== undefined && { test: sh`exec /bin/sh -c ${test}` }),
  };
}

/** @throws CannotTell */
export function readReboot(answer: Answer): RebootState {
  const bootId = accept(answer, 'boot', [0], 'cat').stdout.trim();
  if (!/^[0-9a-f-]{36}$/.test(bootId)) throw new CannotTell(`the kernel gave no boot id: ${JSON.stringify(bootId)}`);
  const machines = accept(answer, 'machines', [0, 1, 2], 'a look at all processes').stdout;
  // libvirt may be stopped: then its guests are still among the processes.
  const domains = answer.domains?.code === 0 ? answer.domains.stdout : '';
  const test = answer.test;
  return {
    bootId,
    domains: domains.split('\n').filter(name => name !== ''),
    machines: machines.split('\n').flatMap(line => {
      const [, pid, name] = /^\/proc\/(\d+)\/comm:(.*)$/.exec(line) ?? [];
      return pid === undefined ? [] : [`${name} (${pid})`];
    }),
    system: answer.system?.stdout.trim() ?? '',
    failure:
      !test || test.code === 0 ? undefined : test.stderr.trim() || test.stdout.trim() || `exit code ${test.code}`,
  };
}
