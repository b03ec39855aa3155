import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { mock } from 'node:test';
import type { Channel, ChannelEnd, ChannelListener, Connection } from '../../src/connections/connection.ts';
import { connectLocal } from '../../src/connections/local.ts';
import { openSession, type Session } from '../../src/connections/session.ts';
import { raw } from '../../src/shell/quote.ts';
import { script } from '../../src/shell/script.ts';
import { temporaryFolder } from '../run/engine.ts';

const bytes = Buffer.from('the image of a guest\n'.repeat(50));
/** The mark in front of a file that is brought here. */
const markLength = 26;

describe('a file that is brought to a host', () => {
  const { path } = temporaryFolder();

  for (const [how, tamper] of Object.entries({
    'cut at its end': (chunk: Buffer) => chunk.subarray(0, -1),
    'cut to nothing': () => Buffer.alloc(0),
    'changed in one byte': (chunk: Buffer) => Buffer.concat([chunk.subarray(0, -1), Buffer.from('x')]),
  })) {
    it(`is not taken where it arrived ${how}`, async () => {
      await withSession(tampering({ write: tamper }), async session => {
        await assert.rejects(session.put({ to: path('there') }, { bytes }), { code: 'put.hash' });
      });
    });
  }

  it('is taken where it arrived as it was sent, under any name', async () => {
    await withSession(tampering({ write: chunk => chunk }), async session => {
      for (const name of ['plain', 'a \\ and\na new line']) {
        await session.put({ to: path(name) }, { bytes });
        assert.deepEqual(readFileSync(path(name)), bytes);
      }
    });
  });

  it('is given up where the host takes longer than it may', async () => {
    const stuck = { write: () => new Promise<Buffer>(() => undefined) };
    await withSession(tampering(stuck), async session => {
      await assert.rejects(session.put({ to: path('there') }, { bytes }, 1), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'put.timeout');
        assert.match(error.message, /there is not on this machine: it took longer than 1 s\.$/);
        return true;
      });
      assert.equal((await session.run(script({ on: raw('echo on') }), { limit: 10 })).on?.stdout, 'on\n');
    });
  });

  for (const { silent, seconds, what } of [
    { silent: 3500, seconds: undefined, what: 'is taken' },
    { silent: 3700, seconds: undefined, what: 'is given up' },
    { silent: 8000, seconds: 9000, what: 'is taken' },
  ]) {
    it(`${what} where the host closes it after ${silent} s${seconds ? ` of ${seconds}` : ''}`, async () => {
      const put = withSession(tampering({ silent }), session => session.put({ to: path('there') }, { bytes }, seconds));
      if (what === 'is taken') await put;
      else await assert.rejects(put, { code: 'put.timeout', message: /nothing moved for 3600 s/ });
    });
  }

  it('takes with it what runs before have left: a day old, ours alone, and by a name of ours', async () => {
    const key = randomUUID();
    const old = new Date(Date.now() - 25 * 3_600_000);
    const folders = {
      stale: { name: `.hostwright.${randomUUID()}`, age: old, mode: 0o700, gone: true },
      young: { name: `.hostwright.${randomUUID()}`, age: new Date(), mode: 0o700, gone: false },
      open: { name: `.hostwright.${randomUUID()}`, age: old, mode: 0o755, gone: false },
      other: { name: '.hostwright.parts-of-somebody-s-own-made-here', age: old, mode: 0o700, gone: false },
    };
    for (const { name, age, mode } of Object.values(folders)) {
      mkdirSync(path(name), { mode });
      const file = path(`${name}/${name.replace('.hostwright.', '')}`);
      writeFileSync(file, 'secret');
      for (const each of [file, path(name)]) utimesSync(each, age, age);
    }
    // Of one that is still written, only the directory is old.
    const written = `.hostwright.${randomUUID()}`;
    mkdirSync(path(written), { mode: 0o700 });
    writeFileSync(path(`${written}/${written.slice(12)}`), 'x');
    utimesSync(path(written), old, old);
    symlinkSync(path(folders.other.name), path(`.hostwright.${randomUUID()}`));
    const before = readdirSync(path('.'));
    await withSession(connectLocal(), session => session.put({ near: path('.'), key }, { bytes }));
    const gone = Object.values(folders).filter(folder => folder.gone);
    assert.deepEqual(
      readdirSync(path('.')).toSorted(),
      [...before.filter(name => !gone.some(folder => folder.name === name)), `.hostwright.${key}`].toSorted(),
    );
    assert.ok(existsSync(path(`${folders.other.name}/parts-of-somebody-s-own-made-here`)));
  });

  it('is not taken where it cannot be written', async () => {
    await withSession(connectLocal(), async session => {
      await assert.rejects(session.put({ to: '/dev/null/there' }, { bytes }), { code: 'put.failed' });
    });
  });
});

describe('a file that is brought from a host', () => {
  const { path } = temporaryFolder();
  beforeEach(() => writeFileSync(path('there'), bytes));

  for (const kept of [0, 10, bytes.length, bytes.length + 10]) {
    it(`is not taken where the stream ends after ${kept} bytes of it and its end mark`, async () => {
      await withSession(tampering({ read: markLength + kept }), async session => {
        await assert.rejects(session.get({ from: path('there'), to: path('here'), most: 2 * bytes.length }), {
          code: 'get.failed',
        });
      });
    });
  }

  it('is not taken beyond the size that it may have, or the time', async () => {
    await withSession(connectLocal(), async session => {
      const wanted = { from: path('there'), to: path('here') };
      await assert.rejects(session.get({ ...wanted, most: bytes.length - 1 }), { code: 'get.size' });
      rmSync(path('here'));
      // It never ends, and has no size.
      await assert.rejects(session.get({ ...wanted, from: '/dev/zero', most: 1_000_000 }), { code: 'get.size' });
      rmSync(path('here'));
      execFileSync('mkfifo', [path('silent')]);
      const silent = { ...wanted, from: path('silent'), most: 1, seconds: 1 };
      await assert.rejects(session.get(silent), { code: 'get.timeout' });
    });
  });

  it('takes the place of no file of the controller', async () => {
    writeFileSync(path('here'), 'mine');
    await withSession(connectLocal(), async session => {
      await assert.rejects(session.get({ from: path('there'), to: path('here'), most: 2 * bytes.length }), {
        code: 'EEXIST',
      });
    });
    assert.equal(readFileSync(path('here'), 'utf8'), 'mine');
  });

  it('is taken where it is whole', async () => {
    await withSession(tampering({ read: 2 * markLength + bytes.length }), async session => {
      await session.get({ from: path('there'), to: path('here'), most: 2 * bytes.length });
      assert.deepEqual(readFileSync(path('here')), bytes);
    });
  });
});

async function withSession(connection: Connection, body: (session: Session) => Promise<unknown>): Promise<void> {
  const session = await openSession(connection, { timeout: 10 });
  try {
    await body(session);
  } finally {
    session.close();
  }
}

interface Tampering {
  /** What arrives of bytes that are sent. */
  readonly write?: (chunk: Buffer) => Buffer | Promise<Buffer>;
  /** Bytes that arrive of what a transfer prints. */
  readonly read?: number;
  /** Seconds that pass, to the timers, before a transfer is seen to end. */
  readonly silent?: number;
}

/** This machine over a link that loses or changes bytes of files. All else arrives. */
function tampering(options: Tampering): Connection {
  const connection = connectLocal();
  let channels = 0;
  return {
    ...connection,
    start: async command => {
      channels += 1;
      const channel = await connection.start(command);
      // The first is the session's own shell.
      return channels === 1 ? channel : tampered(channel, options);
    },
  };
}

/** The end of a channel, after so many seconds to the timers that are set from here on. */
async function endAfter(closed: Channel['closed'], seconds: number): Promise<ChannelEnd> {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const end = await closed;
    mock.timers.tick(seconds * 1000);
    return end;
  } finally {
    mock.timers.reset();
  }
}

function tampered(
  channel: Channel,
  { write = chunk => chunk, read = Number.POSITIVE_INFINITY, silent }: Tampering,
): Channel {
  let listeners = 0;
  let left = read;
  function keep(chunk: Buffer): Buffer {
    const kept = chunk.subarray(0, left);
    left -= kept.length;
    return kept;
  }
  function listen(listener: ChannelListener): void {
    listeners += 1;
    // The first takes the login.
    channel.listen(listeners === 1 ? listener : { ...listener, stdout: chunk => listener.stdout(keep(chunk)) });
  }
  return {
    ...channel,
    ...(silent === undefined ? {} : { closed: endAfter(channel.closed, silent) }),
    listen,
    write: async text => channel.write(typeof text === 'string' ? text : await write(Buffer.from(text))),
  };
}
