import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { Decision } from '../../src/decision.ts';
import { filesystem } from '../../src/modules/filesystem/filesystem.ts';
import { parted } from '../../src/modules/parted/parted.ts';
import { applyChange, decideNow, runScript } from '../kvm/converge.ts';
import { check, converge, type Host, shells } from '../modules/converge.ts';
import { type Disk, hashOf, loopDisks } from './loop-disks.ts';

const mib = 2 ** 20;
const plain: Host = { shell: ['sh'] };

describe('partitions of loop devices', function () {
  this.timeout(150_000);
  const disks = loopDisks(['sfdisk', 'partx', 'mkfs.ext4']);

  function args({ device }: Disk, number: number, more: object = {}): object {
    return { device, number, state: 'present', allow_kernel_names: true, ...more };
  }

  function refusal(made: Disk, given: object, host = plain): string {
    const before = hashOf(made.image);
    const decision = check(host, parted, given);
    assert.equal(hashOf(made.image), before, 'the image has changed');
    assert.equal(decision.kind, 'refuse', `it decided ${JSON.stringify(decision)}`);
    return decision.kind === 'refuse' ? decision.message : '';
  }

  /** Check mode changes nothing, the run changes, the next is ok. */
  function lives(made: Disk, given: object, host = plain): Decision {
    const stock = hashOf(made.image);
    assert.equal(check(host, parted, given).kind, 'change');
    assert.equal(hashOf(made.image), stock, 'check mode changed something');
    const decision = converge(host, parted, given);
    assert.equal(decision.kind, 'change');
    assert.equal(converge(host, parted, given).kind, 'ok');
    return decision;
  }

  /** What lsblk and blkid know of a partition: MiB of start and size, flags as type, name. */
  function facts({ device }: Disk, number: number): (string | number)[] {
    const path = `${device}p${number}`;
    const fields = ['PART_ENTRY_TYPE', 'PART_ENTRY_NAME', 'PART_ENTRY_OFFSET', 'PART_ENTRY_SIZE'];
    const { stdout } = spawnSync('blkid', ['-p', '-o', 'export', path], { encoding: 'utf8' });
    const [type = '', name = '', start, size] = fields.map(
      field => new RegExp(`^${field}=(.*)$`, 'm').exec(stdout)?.[1],
    );
    return [Number(start) / 2048, Number(size) / 2048, type.slice(0, 8), name.replaceAll('\\', '')];
  }

  for (const shell of shells) {
    it(`are made, changed by hand, fixed and removed (${shell.join(' ')})`, () => {
      const host = { shell };
      const made = disks.disk('gpt', 200 * mib);
      const first = args(made, 1, {
        label: 'gpt',
        part_start: '0%',
        part_end: '101MiB',
        name: 'it\'s "a"',
        flags: ['esp'],
      });
      const decision = lives(made, first, host);
      assert.deepEqual(decision.kind === 'change' && decision.hazards, []);
      assert.deepEqual(facts(made, 1), [1, 100, 'c12a7328', 'it\'s "a"']);
      const third = args(made, 3, { part_start: '150MiB', flags: ['lvm'] });
      lives(made, third, host);
      assert.deepEqual(facts(made, 3), [150, 49, 'e6d6d379', '']);
      lives(made, args(made, 2, { part_start: 101, part_end: 120, unit: 'MiB' }), host);

      execFileSync('sfdisk', ['-q', '--no-reread', '--no-tell-kernel', '--part-label', made.device, '1', 'other']);
      execFileSync('sfdisk', ['-q', '--no-reread', '--no-tell-kernel', '--part-type', made.device, '1', 'linux']);
      execFileSync('partx', ['-d', '--nr', '3', made.device]);
      const fixed = lives(made, first, host);
      assert.equal(fixed.kind === 'change' && fixed.reason, 'has another name, has other flags');
      assert.deepEqual(facts(made, 1), [1, 100, 'c12a7328', 'it\'s "a"']);
      const told = lives(made, third, host);
      assert.equal(told.kind === 'change' && told.reason, 'the kernel does not know it');

      const removed = lives(made, args(made, 2, { state: 'absent' }), host);
      assert.deepEqual(removed.kind === 'change' && removed.hazards?.map(({ hazard }) => hazard), ['data-loss']);
      assert.deepEqual(
        [1, 2, 3].map(number => existsSync(`${made.device}p${number}`)),
        [true, false, true],
      );
      const seen = check(host, parted, { device: made.device, unit: 'MiB' });
      const listed = (seen.kind === 'ok' ? seen.result!.partitions : []) as { num: number; size: number }[];
      assert.deepEqual(
        listed.map(({ num, size }) => `${num}: ${size}`),
        ['1: 100', '3: 49'],
      );
    });

    it(`of an msdos label have marks of their own (${shell.join(' ')})`, () => {
      const host = { shell };
      const made = disks.disk('dos', 200 * mib);
      const given = args(made, 2, { label: 'msdos', part_end: '50%', flags: ['boot', 'lvm'] });
      lives(made, given, host);
      const text = execFileSync('sfdisk', ['-d', made.device], { encoding: 'utf8' });
      assert.match(text, /label: dos\n(?:.*\n)*.*p2 : start= +2048, size= +202752, type=8e, bootable/);
      lives(made, args(made, 2, { flags: [] }), host);
      assert.match(execFileSync('sfdisk', ['-d', made.device], { encoding: 'utf8' }), /size= +202752, type=83\n/);
      assert.match(refusal(made, args(made, 5)), /only the partitions 1 to 4/);
      assert.match(refusal(made, args(made, 1, { name: 'x', part_start: '60%' })), /has no names/);
    });
  }

  it('refuses other bounds, an overlap, and what is beyond the disk', () => {
    const made = disks.disk('bounds', 200 * mib);
    converge(plain, parted, args(made, 1, { part_start: '1MiB', part_end: '100MiB' }));
    assert.match(refusal(made, args(made, 1, { part_end: '120MiB' })), /ends at 100 MiB, not at 120 MiB/);
    assert.match(refusal(made, args(made, 1, { part_start: '2MiB' })), /starts at 1 MiB, not at 2 MiB/);
    assert.equal(check(plain, parted, args(made, 1, { part_start: '0.9MiB', part_end: '100.9MiB' })).kind, 'ok');
    assert.match(refusal(made, args(made, 2)), /would overlap partition 1, which lies from 1 MiB to 100 MiB/);
    assert.match(
      refusal(made, args(made, 2, { part_start: '100MiB', part_end: '1GiB' })),
      /beyond the disk, which has 200 MiB/,
    );
    assert.match(refusal(made, args(made, 2, { part_start: '100MiB', part_end: '100.5MiB' })), /leave no room/);
    assert.match(refusal(made, args(made, 1, { label: 'msdos' })), /has partitions: loop\d+p1/);
  });

  it('leaves a partition in use alone, and works next to it', () => {
    const made = disks.disk('used', 200 * mib);
    converge(plain, parted, args(made, 1, { part_end: '100MiB' }));
    const part = `${made.device}p1`;
    const system = { dev: part, fstype: 'ext4', allow_kernel_names: true };
    assert.equal(converge(plain, filesystem, system).kind, 'change');
    const point = mkdtempSync(join(disks.directory, 'mnt-'));
    execFileSync('mount', ['-o', 'ro', part, point]);
    try {
      assert.match(refusal(made, args(made, 1, { state: 'absent' })), /p1 is mounted on/);
      lives(made, args(made, 2, { part_start: '100MiB', name: 'second' }));
      lives(made, args(made, 1, { name: 'in use' }));
      lives(made, args(made, 2, { state: 'absent' }));
    } finally {
      execFileSync('umount', [point]);
    }
    const decision = decideNow(parted, args(made, 1, { state: 'absent' }));
    execFileSync('mount', ['-o', 'ro', part, point]);
    const before = hashOf(made.image);
    assert.throws(() => {
      const { forget } = decision.kind === 'change' ? applyChange(decision) : {};
      assert.equal(forget?.code, 0, 'partx refused');
    }, /guard left with 75|partx refused/);
    assert.equal(hashOf(made.image), before);
    execFileSync('umount', [point]);
  });

  it('waits for a partition that another process has open for a moment', async () => {
    const made = disks.disk('looked', 200 * mib);
    converge(plain, parted, args(made, 1, { part_end: '100MiB' }));
    const decision = decideNow(parted, args(made, 1, { state: 'absent' }));
    const opens = ['-c', 'exec 3<"$0"; echo open; sleep 2', `${made.device}p1`];
    const look = spawn('sh', opens, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(look.stdout, 'data');
    // The guard has a patience of its own.
    const { forget } = decision.kind === 'change' ? runScript(decision.apply, {}, true) : {};
    assert.equal(forget?.code, 0);
    assert.match(forget.stderr, /error deleting partition 1/);
    assert.ok(!existsSync(`${made.device}p1`));
  });

  it('makes a table only where nothing is, or where allow_wipe names what is', () => {
    const made = disks.disk('wiped', 200 * mib);
    execFileSync('mkfs.ext4', ['-q', made.device]);
    assert.match(refusal(made, args(made, 1)), /is not empty: it has ext4 on it/);
    const decision = lives(made, args(made, 1, { allow_wipe: { [made.device]: ['ext4'] } }));
    assert.deepEqual(decision.kind === 'change' && decision.hazards?.map(({ hazard }) => hazard), ['data-loss']);
    converge(plain, parted, args(made, 1, { state: 'absent' }));
    assert.match(refusal(made, args(made, 1, { label: 'msdos' })), /it has PMBR, gpt on it/);
    lives(made, args(made, 1, { label: 'msdos', allow_wipe: { [made.device]: ['PMBR', 'gpt'] } }));
  });

  it('leaves with 75 if the table has changed since the probe', () => {
    const made = disks.disk('raced', 200 * mib);
    converge(plain, parted, args(made, 1, { part_end: '50MiB' }));
    const decision = decideNow(parted, args(made, 2, { part_start: '50MiB', part_end: '60MiB' }));
    assert.ok(decision.kind === 'change', JSON.stringify(decision));
    converge(plain, parted, args(made, 3, { part_start: '55MiB' }));
    const before = hashOf(made.image);
    assert.throws(() => applyChange(decision), /guard left with 75/);
    assert.equal(hashOf(made.image), before);
  });

  it('leaves with 75 if somebody changed the table by hand, and the kernel was not told', () => {
    const made = disks.disk('by hand', 200 * mib);
    converge(plain, parted, args(made, 1, { part_end: '50MiB' }));
    const decisions = [
      decideNow(parted, args(made, 2, { part_start: '50MiB' })),
      decideNow(parted, args(made, 1, { part_end: '50MiB', name: 'data' })),
      decideNow(parted, args(made, 1, { state: 'absent' })),
    ];
    const byHand = ['--quiet', '--no-reread', '--no-tell-kernel', '--part-label', made.device, '1', 'mine'];
    execFileSync('sfdisk', byHand);
    const before = hashOf(made.image);
    for (const decision of decisions) {
      assert.ok(decision.kind === 'change', JSON.stringify(decision));
      assert.throws(() => applyChange(decision), /guard left with 75/);
    }
    assert.equal(hashOf(made.image), before);
  });

  it('leaves with 75 if the empty device was taken since the probe', () => {
    const made = disks.disk('taken', 200 * mib);
    const decision = decideNow(parted, args(made, 1));
    assert.ok(decision.kind === 'change', JSON.stringify(decision));
    execFileSync('mkfs.ext4', ['-q', made.device]);
    const before = hashOf(made.image);
    assert.throws(() => applyChange(decision), /guard left with 75/);
    assert.equal(hashOf(made.image), before);
  });

  it('changes nothing in a table that is not sound, and reads no partition as a disk', () => {
    const made = disks.disk('grown', 200 * mib);
    converge(plain, parted, args(made, 1, { part_end: '50MiB' }));
    truncateSync(made.image, 300 * mib);
    execFileSync('losetup', ['-c', made.device]);
    assert.equal(check(plain, parted, args(made, 1, { part_end: '50MiB' })).kind, 'ok');
    assert.match(refusal(made, args(made, 2, { part_start: '50MiB' })), /is not sound: .*GPT/);
    const part = { image: made.image, device: `${made.device}p1` };
    assert.match(refusal(part, args(part, 1)), /p1 is a partition/);
    assert.match(refusal(made, { device: '/dev/none' }), /there is no device/);
    assert.match(
      refusal(made, args(made, 1), { ...plain, without: ['sfdisk'] }),
      /cannot tell: sfdisk is not installed/,
    );
  });
});
