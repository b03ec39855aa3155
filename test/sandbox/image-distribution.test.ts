import assert from 'node:assert/strict';
import { keyComment, runDirectory } from '../../src/host/image/place.ts';
import { type EngineOptions, type EngineRun, play } from '../run/engine.ts';
import { type Fleet, makeFleet } from './fleet.ts';
import { sandboxObstacle } from './sandbox.ts';

const image = '/srv/images/base.img';
const chunks = 10;

/** Chunks of 64 KiB: five of noise, four of zeros, four of noise and a piece at the end. */
const makeImage = `( head -c 327680 /dev/urandom; head -c 262144 /dev/zero; head -c 280000 /dev/urandom ) >${image}`;

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
    for (const host of fleet.hosts) {
      assert.equal(host.run('ls /run/hostwright; grep -c . /etc/lab/keys'), '1\n');
      assert.equal(host.run('pgrep -f "[/]run/hostwright/image" || echo none'), 'none\n');
    }
  }

  it('brings it to all, who have it from each other too, and is then ok', async () => {
    // What a run has left that was killed.
    on(2, `mkdir -p ${runDirectory(image)}; echo 'restrict ssh-ed25519 AAAA ${keyComment(image)}' >>/etc/lab/keys`);
    const check = await distribute({}, { check: true });
    assert.equal(check.exitCode, 0, explain(check));
    assert.equal(on(1, 'ls /srv/images /run/hostwright /var/cache/hostwright 2>/dev/null || :'), '/srv/images:\n');
    const first = await distribute();
    assert.equal(first.exitCode, 0, explain(first));
    for (const at of [1, 2, 3, 4]) {
      assert.equal(hashOn(at), sha256);
      const counts = from(first, `h${at}`);
      assert.equal(sum(Object.values(counts)), chunks, JSON.stringify(counts));
      // The zeros are a hole.
      assert.equal(on(at, `[ $(stat -c %b ${image}) -le 1300 ] && stat -c '%a %U' ${image}`), '644 root\n');
    }
    const bySource = sum([1, 2, 3, 4].map(at => from(first, `h${at}`).h0 ?? 0));
    assert.ok(bySource >= chunks && bySource < 4 * chunks * 0.8, `the source sent ${bySource} chunks`);
    assertNothingLeft();
    for (const again of [await distribute({}, { check: true }), await distribute()]) {
      assert.equal(again.exitCode, 0, explain(again));
      assert.deepEqual([again.counts().changed, again.counts().unknown], [0, 0], explain(again));
    }
  });

  it('goes on where it was killed, and leaves nothing behind when a host fails', async () => {
    const pid = `${runDirectory(image)}/pid`;
    const running = distribute({ limit: '128K', mode: '0600' }, { limit: 'h0,h1,h2' });
    await until(() => Number(on(1, `cat ${image}.part.chunks 2>/dev/null | wc -l`)) > 4);
    const ask = (request: string) => on(1, `cd ${runDirectory(image)}; ssh -F config p0 ${request} 2>&1; echo $?`);
    assert.match(ask('id'), /knows manifest, have and get N only\n64\n$/);
    assert.match(ask("'get ../../etc/shadow'"), /wants the number of a chunk\n64\n$/);
    assert.match(ask("'get 999'"), /is not here\n66\n$/);
    assert.equal(on(1, `cd ${runDirectory(image)}; stat -c %a . key`), '700\n600\n');
    const kept = Number(on(1, `kill -9 $(cat ${pid}); sed 1d ${image}.part.chunks | wc -l`));
    const run = await running;
    assert.equal(run.exitCode, 2, explain(run));
    assert.equal(run.results('The image is there').h1!.status, 'failed');
    assert.equal(hashOn(2), sha256);
    assertNothingLeft();
    const next = await distribute({}, { limit: 'h0,h1,h2' });
    assert.equal(next.exitCode, 0, explain(next));
    assert.equal(hashOn(1), sha256);
    const fetched = sum(Object.values(from(next, 'h1')));
    assert.ok(kept >= 4 && fetched <= chunks - kept, `${fetched} fetched, ${kept} were there`);
    assert.equal(on(1, 'ls /srv/images'), 'base.img\n');
  });

  it('finds a peer that sends something else', async () => {
    const two = await distribute({}, { limit: 'h0,h4' });
    assert.equal(two.exitCode, 0, explain(two));
    // By its size, inode and time it is the image still, but not a chunk of it is.
    on(
      4,
      `t=$(stat -c %y ${image}); head -c $(stat -c %s ${image}) /dev/zero | tr '\\0' x | dd of=${image} conv=notrunc 2>/dev/null
      touch -d "$t" ${image}`,
    );
    const run = await distribute({}, { limit: 'h0,h1,h4' });
    assert.equal(run.exitCode, 0, explain(run));
    assert.equal(hashOn(1), sha256);
    const troubles = run.results('The image is there').h1!.fields.troubles as string[];
    assert.match(troubles.join('\n'), /^h4 sent chunk \d+, but not with the hash that it has on the source$/m);
    assert.deepEqual(Object.keys(from(run, 'h1')), ['h0']);
  });

  it('sends no faster than it may', async () => {
    let began = 0;
    const run = await distribute(
      { limit: '128K' },
      {
        limit: 'h0,h3',
        onEvent: ({ type }) => {
          if (type === 'run.started') began = Date.now();
        },
      },
    );
    assert.equal(run.exitCode, 0, explain(run));
    // 592 KiB from one host.
    assert.ok(Date.now() - began > 4000, `${Date.now() - began} ms`);
  });

  it('replaces another image only when that is allowed, and keeps its owner and mode', async () => {
    on(3, `echo old >${image}; chmod 640 ${image}; chown 1:1 ${image}`);
    const refused = await distribute({}, { limit: 'h0,h3' });
    assert.equal(refused.exitCode, 2, explain(refused));
    assert.equal(on(3, `cat ${image}`), 'old\n');
    const run = await distribute({}, { limit: 'h0,h3', allow: ['data-loss'] });
    assert.equal(run.exitCode, 0, explain(run));
    assert.equal(on(3, `stat -c '%a %u:%g' ${image}`), '640 1:1\n');
    assert.equal(hashOn(3), sha256);
  });

  it('refuses a directory that another user may write', async () => {
    for (const spoil of ['chmod 777 /srv/images', 'chown nobody /srv/images']) {
      on(3, spoil);
      const run = await distribute({}, { limit: 'h0,h3' });
      assert.equal(run.exitCode, 2, explain(run));
      assert.match(explain(run), /another user may write \/srv\/images, and lead what is written there elsewhere/);
      assert.equal(on(3, 'ls -A /srv/images; chmod 755 /srv/images; chown root /srv/images'), '');
    }
  });

  it('says what to do where sshd does not let the key in', async () => {
    const run = await distribute({ authorized_keys: '/root/.ssh/authorized_keys' }, { limit: 'h0,h3' });
    assert.equal(run.exitCode, 2, explain(run));
    assert.match(
      run.results('The image is there').h3!.message,
      /h0 does not let the key of this run in.*PermitRootLogin/s,
    );
    assert.equal(on(0, 'grep -c hostwright /root/.ssh/authorized_keys || :'), '0\n');
    assertNothingLeft();
  });
});

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    assert.ok(tries < 240, 'it never came to that');
    await new Promise(resolve => setTimeout(resolve, 500));
  }
}

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
