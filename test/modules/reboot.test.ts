import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { machines } from '../../src/modules/reboot/look.ts';
import { reboot } from '../../src/modules/reboot/reboot.ts';
import { output } from '../../src/shell/script.ts';
import { checkArguments, contextOf } from './arguments.ts';
import { type Ran, runWith } from './stubs.ts';

const context = contextOf();
const { args } = checkArguments(reboot, { guests: 'shutdown', guests_timeout: 1, test_command: 'true' });
const oldBoot = '0b1f5f7c-4bb5-4d5c-9a7f-0a4e6e0c9d11';
const newBoot = '7d1c2c0e-8f43-4a0b-9d55-1b0d3f8b6a22';

function stateOf(bootId: string, system = 'running', test = output(0)) {
  const machines = output(0, '/proc/77/comm:qemu-system-x86\n/proc/78/comm:qemu-system-x86\n');
  const boot = output(0, `${bootId}\n`);
  const domains = output(0, 'vm1\nvm 2\n\n');
  return reboot
    .look(args as never, context)
    .read({ bootId: boot, domains, machines, system: output(0, `${system}\n`), failure: test });
}

function decided(bootId = oldBoot) {
  const decision = reboot.decide(args as never, stateOf(bootId), context);
  assert.equal(decision.kind, 'change');
  return decision as Extract<typeof decision, { kind: 'change' }>;
}

describe('guests before a reboot', () => {
  /** Shuts down what is asked, or fails; lists what the file of running guests has. */
  function shutDown(virsh: string): Ran {
    const section = decided().apply.sections.find(({ name }) => name === 'guests');
    return runWith({ virsh: `#!/bin/sh\nstate=\${0%/*}/running\n${virsh}\n` }, section!.text);
  }

  it('are asked by name, and the reboot may follow when all are off', () => {
    const ran = shutDown(`case "$*" in
"-q -c qemu:///system shutdown vm1"|"-q -c qemu:///system shutdown vm 2") echo "$5" >> "$state" ;;
"-r -c qemu:///system list --name")
  [ "$(cat "$state")" = "$(printf 'vm1\\nvm 2')" ] || exit 1
  if [ -e "$state.seen" ]; then echo; else : > "$state.seen"; printf 'vm 2\\n\\n'; fi ;;
*) exit 2 ;; esac`);
    assert.deepEqual(ran, { code: 0, stdout: '', stderr: '' });
  });

  it('that do not shut down in time hold the reboot back, and are named', () => {
    const ran = shutDown(`case "$*" in *list*) printf 'vm 2\\n\\n' ;; esac`);
    assert.equal(ran.code, 1);
    assert.equal(ran.stderr, 'these guests did not shut down in time, and may do so later:\nvm 2\n');
  });

  /**
   * A libvirt whose running guests are a file each; `deaf` never shuts down, `refused` cannot be
   * asked.
   */
  const guests = `mkdir -p "$state"
[ -e "$state/all" ] || { : > "$state/vm1"; : > "$state/vm 2"; : > "$state/all"; }
case "$*" in
*"shutdown $refused") echo 'error: no monitor' >&2; exit 1 ;;
*"shutdown $deaf") ;;
*shutdown*) rm "$state/$5" ;;
*list*) ls "$state" | grep -v -x all; exit 0 ;;
*domstate*) if [ -e "$state/$5" ]; then echo running; else printf 'shut off\\n\\n'; fi ;;
*start*) : > "$state/$5"; echo "Domain '$5' started" ;;
esac`;

  it('are started again where one does not shut down in time', () => {
    const ran = shutDown(`deaf='vm 2' refused=-; ${guests}`);
    const said = 'these guests did not shut down in time, and may do so later:\nvm 2\nstarted again: vm1\n';
    assert.deepEqual(ran, { code: 1, stdout: '', stderr: said });
  });

  it('are started again where one of them cannot be asked, as soon as they are off', () => {
    const ran = shutDown(`deaf=- refused='vm 2'; ${guests}`);
    assert.deepEqual(ran, { code: 1, stdout: '', stderr: 'error: no monitor\nstarted again: vm1\n' });
  });

  it('that are off are started again where the host does not go down', () => {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const [section] = decided(boot).undo?.sections ?? assert.fail('nothing starts them again');
    const virsh = `#!/bin/sh\nstate=\${0%/*}/running; deaf=- refused=-\n${guests}\n`;
    const ran = runWith({ virsh }, `virsh -q -c x shutdown vm1\n${section!.text}`);
    assert.deepEqual(ran, { code: 0, stdout: "Domain 'vm1' started\n", stderr: '' });
  });

  it('are left off by the host that has rebooted and is not as it should be', () => {
    const [section] = decided().undo?.sections ?? assert.fail('nothing starts them again');
    const ran = runWith({ virsh: '#!/bin/sh\necho "$*"\n' }, section!.text);
    assert.deepEqual([ran.code, ran.stdout], [1, '']);
    assert.match(ran.stderr, /the host has rebooted, and these guests are left off.*: vm1, vm 2/);
  });

  it('that cannot be asked hold the reboot back', () => {
    const ran = shutDown(`case "$*" in *shutdown*) echo 'error: no such domain' >&2; exit 1 ;; *) echo ;; esac`);
    assert.equal(ran.code, 1);
    assert.match(ran.stderr, /no such domain/);
  });

  it('of a libvirt that stops answering hold the reboot back', () => {
    const ran = shutDown(`case "$*" in *list*) echo 'error: failed to connect' >&2; exit 1 ;; esac`);
    assert.equal(ran.code, 1);
    assert.match(ran.stderr, /failed to connect/);
  });
});

describe('a host that was rebooted', () => {
  function missing(state: ReturnType<typeof stateOf>): string | undefined {
    const { verify } = decided();
    assert.ok(typeof verify === 'object' && verify.proves);
    return verify.proves(state);
  }

  it('is back with another boot id, when all has started and the test command succeeds', () => {
    assert.equal(missing(stateOf(newBoot)), undefined);
    assert.equal(missing(stateOf(newBoot, 'degraded')), undefined);
    assert.equal(missing(stateOf(newBoot, '')), undefined);
  });

  it('is not back with the same boot id', () => {
    assert.match(missing(stateOf(oldBoot)) ?? '', /boot id is the same/);
  });

  it('is not back while systemd starts, or stops', () => {
    for (const system of ['initializing', 'starting', 'maintenance', 'stopping', 'offline', 'unknown'])
      assert.equal(missing(stateOf(newBoot, system)), `systemd says that the system is ${system}`);
  });

  it('is not back while the test command fails', () => {
    assert.equal(missing(stateOf(newBoot, 'running', output(1, '', 'no route\n'))), 'the test command fails: no route');
  });
});

describe('the look for guests', () => {
  /** As a user without rights, in a namespace of processes with its own /proc. */
  function lookWith(options: string): number | null {
    const user = 'setpriv --reuid 65534 --regid 65534 --clear-groups sh';
    const [{ text } = assert.fail('it looks at nothing')] = machines.probe.sections;
    // The first process is root's, as on a host.
    const command = `mount -t proc ${options} proc /proc && ${user}; exit $?`;
    const unshared = ['--mount', '--pid', '--fork', 'sh', '-c', command];
    const { status, stderr } = spawnSync('unshare', unshared, { input: text });
    assert.equal(stderr.toString(), '');
    return status;
  }

  before(function () {
    if (process.getuid?.() === 0) return undefined;
    if (process.env.CI) throw new Error('needs root');
    return this.skip();
  });

  it('leaves with 9 where the processes of others are hidden', () => {
    assert.equal(lookWith('-o hidepid=2'), 9);
    assert.equal(lookWith('-o hidepid=1'), 9);
  });

  it('sees that there is no guest where they are not hidden', () => {
    assert.equal(lookWith(''), 1);
  });
});
