import assert from 'node:assert/strict';
import { type EngineOptions, type EngineRun, play } from '../run/engine.ts';
import { type Fleet, makeFleet } from './fleet.ts';
import { sandboxObstacle } from './sandbox.ts';

const image = '/srv/images/base.img';
const chunks = 20;

/** Chunks of 64 KiB: ten of noise, four of zeros, nine of noise and a piece at the end. */
const makeImage = `head -c 655360 /dev/urandom >${image}; head -c 262144 /dev/zero >>${image}; head -c 600000 /dev/urandom >>${image}`;

describe('the role image-distribution, on hosts that reach each other', function () {
  this.timeout(180_000);
  let fleet: Fleet;
  let sha256: string;

  before(async function () {
    const why = sandboxObstacle();
    if (why !== undefined && process.env.CI) throw new Error(why);
    if (why !== undefined) return this.skip();
    fleet = await makeFleet(5);
    fleet.hosts[0]!.run(makeImage);
    sha256 = hashOn(0);
    return undefined;
  });
  after(() => fleet?.remove());
  beforeEach(() => {
    for (const host of fleet.hosts.slice(1)) host.run('rm -rf /srv/images/*');
  });

  function on(at: number, text: string): string {
    return fleet.hosts[at]!.run(text);
  }
  function hashOn(at: number): string {
    return on(at, `sha256sum < ${image} | cut -c1-64`).trim();
  }
  function distribute(parameters: object = {}, options: EngineOptions = {}): Promise<EngineRun> {
    const role = {
      ...{ role: 'image-distribution', source: 'h0', src: image, chunk_size: '64K', authorized_keys: '/etc/lab/keys' },
      ...parameters,
    };
    return play(JSON.stringify([{ hosts: 'all', roles: [role] }]), {
      inventory: [fleet.inventory],
      connection: 'ssh',
      ...options,
    });
  }
  function from(run: EngineRun, host: string): Record<string, number> {
    return run.results('The image is there')[host]!.fields!.from as Record<string, number>;
  }
  function assertNothingLeft(): void {
    for (const host of fleet.hosts)
      assert.equal(
        host.run('ls /run/hostwright; grep -c . /etc/lab/keys; pgrep -f "[/]run/hostwright" || :').trim(),
        '1',
      );
  }

  it('brings it to all, who have it from each other too, and is then ok', async () => {
    const first = await distribute();
    assert.equal(first.exitCode, 0, explain(first));
    for (const at of [1, 2, 3, 4]) {
      assert.equal(hashOn(at), sha256);
      const counts = from(first, `h${at}`);
      assert.equal(sum(Object.values(counts)), chunks, JSON.stringify(counts));
      assert.ok(
        Object.keys(counts).some(name => name !== 'h0'),
        JSON.stringify(counts),
      );
    }
    const bySource = sum([1, 2, 3, 4].map(at => from(first, `h${at}`).h0 ?? 0));
    assert.ok(bySource < 4 * chunks * 0.75, `the source sent ${bySource} chunks`);
    assertNothingLeft();
  });
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

function explain({ events }: EngineRun): string {
  return events
    .flatMap(event =>
      event.type === 'task.finished'
        ? [`${event.host} ${event.task.name}: ${event.result.status} ${event.result.message}`]
        : [],
    )
    .join('\n');
}
