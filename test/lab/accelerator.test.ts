import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withEmulator } from './accelerator.ts';
import { bootedDirectory, ensureBooted } from './booted.ts';
import type { Accelerator } from './emulator.ts';
import { execute } from './execute.ts';
import { makeFailingQemu } from './failing-kvm.ts';
import { ensureImage, type Image, imageOf } from './image.ts';
import { sshAccess } from './instance.ts';
import { mark, probeKvm, probeMachine, rememberedVerdict, rememberVerdict } from './kvm.ts';
import { type Lab, startLab } from './lab.ts';
import { labObstacle } from './obstacle.ts';
import { type Progress, showProgress, silent } from './progress.ts';
import { commandOf, freePort, type Machine, startQemu } from './qemu.ts';
import { endQemu, type Running } from './running.ts';
import { sshArguments } from './ssh.ts';
import { startTestLab } from './test-lab.ts';
import { waitForSsh } from './wait.ts';

/** Progress that keeps what is said. */
function listener(): Progress & { said: string[] } {
  const said: string[] = [];
  return { ...silent, said, say: text => said.push(text) };
}

describe('a machine that will never answer', function () {
  this.timeout(300_000);
  let image: Image;
  let directory: string;

  before(async function () {
    if (labObstacle('13')) this.skip();
    image = await ensureImage('13', showProgress());
  });
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'hw-watch-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  /** A machine that boots the lab's kernel with this command line. */
  async function machineOf(append: string): Promise<Machine> {
    const machine = probeMachine({ qemu: image.qemu, accelerator: 'tcg' }, directory, await freePort());
    return { ...machine, ...(machine.kernel && { kernel: { ...machine.kernel, append } }) };
  }

  it('is not waited for once its kernel has given up', async () => {
    const machine = await startQemu(await machineOf('console=ttyS0 rdinit=/nothing init=/nothing'));
    try {
      await assert.rejects(waitFor(machine), /^MachineFailure: The VM's kernel gave up: (Kernel panic|VFS)/);
    } finally {
      await endQemu(machine.pid);
    }
  });

  it('is not waited for once it is off, or when QEMU does not start', async () => {
    const machine = await startQemu(await machineOf('console=ttyS0'));
    await assert.rejects(waitFor(machine), /^MachineFailure: The VM has ended while we waited for it/);
    const odd = { ...(await machineOf('console=ttyS0')), devices: ['-device', 'no-such-device'] };
    await assert.rejects(startQemu(odd), /^MachineFailure: QEMU did not start: .*no-such-device/);
  });

  it('is given up at the limit, with the last line of its console', async () => {
    const paused = { ...(await machineOf('console=ttyS0')), devices: ['-S'] };
    const machine = await startQemu(paused);
    try {
      await assert.rejects(waitFor(machine, 500), /^MachineFailure: The VM did not answer over SSH within 1 s/);
    } finally {
      await endQemu(machine.pid);
    }
  });

  function waitFor(machine: Running, limit?: number): Promise<void> {
    const access = { port: 1, key: image.key, knownHosts: '/dev/null', sockets: directory };
    return waitForSsh(access, machine, limit);
  }
});

describe('the probe of KVM', function () {
  this.timeout(900_000);
  let lab: Lab;
  before(async function () {
    lab = await startTestLab(this, 'probe');
  });
  after(async () => await lab?.stop());

  // KVM works in every lab, whatever this machine has: its processor is emulated with all that KVM
  // needs, or passed on.
  it('boots its kernel up to the first process where KVM works', async () => {
    const qemu = spawnSync('tar', ['-C', imageOf('13').directory, '-chf', '-', 'qemu'], { maxBuffer: 2 ** 30 }).stdout;
    await execute('ssh', [...sshArguments(sshAccess(lab)), 'tar -C /root -xf -'], { input: qemu });
    const machine = probeMachine({ qemu: '/root/qemu', accelerator: 'kvm' }, '/root', 2222);
    const command = commandOf({ ...machine, devices: ['-m', '1024'] }).map(word => `'${word}'`);
    await lab.sh(`timeout 600 ${command.join(' ')} && grep -q '${mark}' /root/console.log`);
  });
});

describe('a lab where KVM fails in the kernel', function () {
  this.timeout(600_000);
  let real: Image;
  let scratch: string;
  const { HOSTWRIGHT_LAB_DIR: directory, HOSTWRIGHT_LAB_ACCEL: forced } = process.env;

  before(async function () {
    if (labObstacle('13')) this.skip();
    real = await ensureImage('13', showProgress());
    await ensureBooted(real, 'small', { qemu: real.qemu, accelerator: 'tcg' }, showProgress());
    scratch = mkdtempSync(join(tmpdir(), 'hw-kvm-'));
    process.env.HOSTWRIGHT_LAB_DIR = scratch;
    delete process.env.HOSTWRIGHT_LAB_ACCEL;
    const image = imageOf('13').directory;
    mkdirSync(image, { recursive: true });
    for (const name of readdirSync(real.directory)) {
      if (name !== 'qemu') symlinkSync(join(real.directory, name), join(image, name));
    }
    makeFailingQemu(real.qemu, join(image, 'qemu'));
  });
  after(() => {
    restore('HOSTWRIGHT_LAB_DIR', directory);
    restore('HOSTWRIGHT_LAB_ACCEL', forced);
    if (scratch) rmSync(scratch, { recursive: true, force: true });
  });
  beforeEach(() => rmSync(join(scratch, 'kvm.json'), { force: true }));

  it('is found out by a kernel that boots, and told in one line', async () => {
    const progress = listener();
    const used: Accelerator[] = [];
    const note = async ({ accelerator }: { accelerator: Accelerator }) => used.push(accelerator);
    await withEmulator(imageOf('13').qemu, progress, note);
    await withEmulator(imageOf('13').qemu, progress, note);
    assert.deepEqual(used, ['tcg', 'tcg']);
    assert.equal(new Set(progress.said).size, 1);
    assert.match(progress.said[0] ?? '', /^KVM does not work here.*internal-error.*KVM internal error\. Suberror: 1$/);
    assert.match(rememberedVerdict()?.failure ?? '', /internal-error/);
  });

  for (const state of ['guest-panicked', 'io-error']) {
    it(`is found out also where QEMU stops the machine as "${state}"`, async () => {
      const qemu = join(scratch, state);
      makeFailingQemu(real.qemu, qemu, state);
      assert.match((await probeKvm(qemu)).failure ?? '', new RegExp(`^QEMU has stopped the VM \\(${state}: `));
    });
  }

  for (const [what, memory] of [
    ['boots', false],
    ['goes on from saved memory', true],
  ] as const) {
    it(`starts without it, if KVM fails only when the lab itself ${what}`, async () => {
      rememberVerdict({}); // the probe has found nothing wrong
      if (memory) keepTheMemoryOfTcgForKvm();
      const progress = listener();
      const lab = await startLab({ name: 'kvm-fails', progress });
      try {
        assert.equal(await lab.sh('echo up'), 'up');
        assert.equal(progress.said.length, 1);
        assert.match(progress.said[0] ?? '', /internal-error/);
        assert.match(rememberedVerdict()?.failure ?? '', /internal-error/);
      } finally {
        await lab.stop();
      }
    });
  }
});

/** As if this machine had saved the memory of a lab while its KVM still worked. */
function keepTheMemoryOfTcgForKvm(): void {
  const image = imageOf('13');
  const directoryOf = (accelerator: Accelerator) => bootedDirectory(image, 'small', { qemu: image.qemu, accelerator });
  symlinkSync(directoryOf('tcg'), directoryOf('kvm'));
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
