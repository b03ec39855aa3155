import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { milliseconds } from '../../timers.ts';
import { startChild } from '../child-channel.ts';
import type { Channel, ChannelEnd, Connection, Target } from '../connection.ts';
import { limitChannels } from '../limit-channels.ts';
import { openChannels } from '../open-channels.ts';
import { untilLetIn } from '../turned-away.ts';
import { programArguments, programEnvironment } from './ssh-program-arguments.ts';
import { explainProgram } from './ssh-program-errors.ts';
import { type Way, wayTo } from './ssh-program-way.ts';

/** One master process of ssh (ssh_config(5), ControlMaster), over which channels are opened. */
interface Master {
  /** Its control socket, in a directory of its own. */
  readonly socket: string;
  readonly closed: Promise<void>;
  /**
   * From here on these processes of ours, and no others, end as the master does where we are
   * killed.
   */
  readonly watch: (pids: Iterable<number>) => void;
  readonly close: () => void;
}

/**
 * ssh exits with this code where the link died; a command that exits with it cannot be told from
 * that.
 */
const linkDied = 255;

/**
 * Connects to a host through the program ssh of this machine, which knows what ssh2 does not:
 * certificates of hosts and users, keys on FIDO tokens, GSSAPI. One master process logs in; each
 * channel is a process that uses the master's connection, or makes one of its own where sshd allows
 * no more sessions on it. ssh asks for nothing: keys with a passphrase must be in the agent.
 * The round trip is not measured, and given as 0.
 * @throws Unreachable `connection.*`, `hostkey.*`, in words for people
 */
export async function connectSshProgram(target: Target): Promise<Connection> {
  const way = await wayTo(target);
  const master = await untilLetIn(target.timeout, () => openMaster(way));
  const channels = openChannels();
  const running = new Set<number>();
  async function open(command: string): Promise<Channel> {
    const own = ['-S', master.socket, '-o', 'ControlMaster=no'];
    const words = ['ssh', ...own, ...programArguments(way, 'ERROR'), command] as const;
    const channel = await startChild(words, { environment: programEnvironment, endsWithChannel: true });
    master.watch(running.add(channel.pid));
    void channel.ended.then(() => {
      running.delete(channel.pid);
      master.watch(running);
    });
    return channels.add(whoseLinkDies(channel));
  }
  function close(): void {
    channels.close();
    master.close();
  }
  return { address: way.address, roundTrip: 0, start: limitChannels(open), closed: master.closed, close };
}

function whoseLinkDies(channel: Channel): Channel {
  const closed = channel.closed.then((end): ChannelEnd => (end.code === linkDied ? {} : end));
  return { ...channel, closed };
}

/**
 * Runs ssh as long as this process is there: a reader of our end of a pipe terminates it when we
 * are gone, whatever ended us, and removes the directory, which is the first argument. Other
 * processes end with it: those whose numbers are in the last line that came through the pipe. A
 * process of a channel is ours, so its number is not another's before we have seen its end and said
 * so.
 */
const whileWeLive =
  'exec 3<&0; (pids=; while read -r line; do pids=$line; done; kill "$$" $pids; rm -rf -- "$0") ' +
  '<&3 >/dev/null 2>&1 & exec ssh "$@" 3<&- </dev/null';

async function openMaster(way: Way): Promise<Master> {
  const { target } = way;
  const folder = mkdtempSync(join(tmpdir(), 'hw-ssh-'));
  const socket = join(folder, 'control');
  const own = ['-M', '-N', '-S', socket, '-o', 'ControlPersist=no'];
  // ssh runs this once it is logged in and listens on the socket (ssh.c, ssh_session2).
  const told = ['-o', 'PermitLocalCommand=yes', '-o', 'LocalCommand=echo up'];
  const words = [...own, ...told, ...programArguments(way, 'INFO')];
  target.trace?.(`runs: ssh ${words.join(' ')}`);
  const child = spawn('/bin/sh', ['-c', whileWeLive, folder, ...words], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, ...programEnvironment },
  });
  child.stdin.on('error', () => undefined);
  const closed = ended(child, folder);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-65_536);
  });
  const saidAll = once(child.stderr, 'close');
  const limit = new AbortController();
  const outcome = await Promise.race([
    once(child.stdout, 'data', { signal: limit.signal }).then(() => 'up' as const),
    closed.then(code => ({ code })),
    setTimeout(milliseconds(target.timeout), 'late' as const, { signal: limit.signal }),
  ]).finally(() => limit.abort());
  if (outcome === 'up') {
    return {
      socket,
      closed: closed.then(() => undefined),
      watch: pids => void child.stdin.write(`${[...pids].join(' ')}\n`),
      close: () => child.stdin.end('\n'),
    };
  }
  child.stdin.end();
  if (outcome === 'late') throw explainProgram('late', way);
  // What it said last may still be underway.
  await Promise.race([saidAll, setTimeout(1000)]);
  throw explainProgram({ code: outcome.code, said }, way);
}

/**
 * Settles with its code once ssh has ended; the reader of the pipe and the directory are gone then.
 */
async function ended(child: ChildProcess, folder: string): Promise<number | null> {
  const code = await new Promise<number | null>(done => {
    child.once('error', () => done(null));
    child.once('exit', done);
  });
  try {
    // The group is still there as long as its reader is: its number cannot be another's.
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The reader has gone first.
  }
  rmSync(folder, { recursive: true, force: true });
  return code;
}
