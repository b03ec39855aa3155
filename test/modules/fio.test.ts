import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Measured, measure, tell } from '../../src/host/fio/samples.ts';
import { fio } from '../../src/modules/fio/fio.ts';
import { CannotTell } from '../../src/shell/answer.ts';
import { check, converge, type Host } from './converge.ts';
import { eachShell } from './timeline.ts';

const quick = { size: '1M', samples: 2, runtime: 1, ramp: 0, direct: false };

function side(ios: number, bandwidth: number) {
  return {
    total_ios: ios,
    bw_bytes: bandwidth,
    iops: bandwidth / 4096,
    clat_ns: { percentile: { '99.000000': 5000 } },
  };
}

function run(read: object, write: object): string {
  return `=== sample\nfio: a note\n${JSON.stringify({ jobs: [{ read, write }] })}\n`;
}

function refusal(host: Host, args: object): string {
  const decision = check(host, fio, args);
  assert.equal(decision.kind, 'refuse', JSON.stringify(decision));
  return decision.kind === 'refuse' ? decision.message : '';
}

describe('fio', function () {
  this.timeout(120_000);
  it('is told as mean and deviation, of what was done only', () => {
    const idle = side(0, 0);
    const found = measure(run(side(9, 4096 * 10), idle) + run(side(9, 4096 * 14), idle)) as { read: Measured };
    assert.deepEqual(Object.keys(found), ['read']);
    const { samples, ...rest } = found.read;
    assert.deepEqual(rest, {
      ...{ bandwidth_mean: 49152, bandwidth_deviation: 11585.2, iops_mean: 12, iops_deviation: 2.8 },
      p99_mean: 5,
    });
    assert.equal(samples.length, 2);
    assert.equal(tell('read', found.read), 'read 0.0 MiB/s ± 23.6 %, 12 requests/s ± 23.3 %, 99 % within 5 µs');
    const one = measure(run(idle, side(1, 4096))) as { write: Measured };
    assert.equal(one.write.iops_deviation, 0);
    assert.throws(() => measure('=== sample\nfio: it failed\n'), CannotTell);
  });

  eachShell('measures in a file that it makes and removes', (host, at) => {
    const path = join(at, 'a measured file');
    const given = { path, load: { rw: 'randrw', bs: '4K', rwmixread: 50 }, ...quick };
    assert.deepEqual(readdirSync(at), []);
    const decision = converge(host, fio, given);
    assert.equal(decision.kind, 'change');
    const found = (decision as { result: unknown }).result as { read: Measured; write: Measured; version: string };
    assert.match(found.version, /^fio-/);
    for (const measured of [found.read, found.write]) {
      assert.equal(measured.samples.length, 2);
      assert.ok(measured.iops_mean > 0 && measured.bandwidth_mean > measured.iops_mean);
    }
    assert.deepEqual(readdirSync(at), [], 'something was left behind');
  });

  eachShell('measures several files at the same time, and removes them all', (host, at) => {
    const paths = ['one', 'another one'].map(name => join(at, name));
    const given = { paths, load: { rw: 'randrw', bs: '4K', rwmixread: 50, iodepth: 4 }, ...quick, samples: 1 };
    const decision = converge(host, fio, given);
    const found = (decision as { result: unknown }).result as { read: Measured; paths: readonly string[] };
    assert.deepEqual(found.paths, paths);
    assert.ok(found.read.iops_mean > 0);
    assert.deepEqual(readdirSync(at), [], 'something was left behind');
  });

  eachShell('removes what it made where it cannot make all, and nothing else', (host, at) => {
    const paths = ['first', 'second'].map(name => join(at, name));
    const decision = check(host, fio, { paths, profile: 'luns-4k-mixed', ...quick });
    assert.ok(decision.kind === 'change');
    writeFileSync(paths[1]!, 'of somebody else');
    const { status } = spawnSync(host.shell[0]!, [...host.shell.slice(1), '-c', decision.apply.sections[0]!.text]);
    assert.equal(status, 1);
    assert.deepEqual(readdirSync(at), ['second']);
  });

  eachShell('overwrites no file, and fills no file system', (host, at) => {
    const path = join(at, 'there');
    writeFileSync(path, 'data');
    assert.match(refusal(host, { path, profile: 'random-4k-write', ...quick }), /is there already/);
    assert.match(refusal(host, { path: join(at, 'new'), profile: 'random-4k-write', size: '900T' }), /do not fit/);
    assert.match(
      refusal(host, { path: join(at, 'no/new'), profile: 'random-4k-write' }),
      /the directory .* does not exist/,
    );
    assert.ok(existsSync(path));
  });
});
