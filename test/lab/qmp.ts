import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { MachineFailure } from './machine-failure.ts';
import { within } from './within.ts';

type Message = { return?: unknown; error?: { desc: string }; event?: string; QMP?: unknown };

/** Milliseconds in which QEMU answers what it can answer at once, on a busy machine. */
const answerLimit = 60_000;

/** Milliseconds in which QEMU saves or loads the memory and disks of a machine. */
const snapshotLimit = 600_000;

/** One conversation with QEMU's machine protocol. Every answer has a deadline. */
export type Qmp = {
  execute: (command: string, arguments_?: Record<string, unknown>) => Promise<unknown>;
  /**
   * A command of the human monitor: the only way to some of them. What it says on failure is an
   * error.
   */
  monitor: (line: string) => Promise<void>;
  close: () => void;
};

/** Connects to the socket of a running QEMU, which talks to one program at a time. */
export async function openQmp(socketFile: string): Promise<Qmp> {
  const socket = connect(socketFile);
  const lines = createInterface({ input: socket });
  const waiting: { resolve: (value: unknown) => void; reject: (error: Error) => void }[] = [];
  const greeted = Promise.withResolvers<void>();

  function fail(error: Error): void {
    greeted.reject(error);
    for (const { reject } of waiting.splice(0)) reject(error);
  }
  socket.on('error', fail);
  lines.on('error', fail); // readline passes the socket's errors on
  socket.on('close', () => fail(new Error('QEMU closed its control socket')));
  lines.on('line', line => {
    const message = JSON.parse(line) as Message;
    if (message.QMP) greeted.resolve();
    else if (message.error) waiting.shift()?.reject(new Error(`QEMU: ${message.error.desc}`));
    else if ('return' in message) waiting.shift()?.resolve(message.return);
  });

  function send(command: string, limit: number, arguments_?: Record<string, unknown>): Promise<unknown> {
    const answer = Promise.withResolvers<unknown>();
    waiting.push(answer);
    socket.write(`${JSON.stringify({ execute: command, arguments: arguments_ })}\n`);
    return within(limit, `QEMU to answer "${command}"`, answer.promise);
  }
  async function monitor(line: string): Promise<void> {
    const said = await send('human-monitor-command', snapshotLimit, { 'command-line': line });
    if (typeof said === 'string' && said.trim()) throw new Error(`QEMU: ${line}: ${said.trim()}`);
  }
  try {
    await within(answerLimit, `the greeting of QEMU at ${socketFile}`, greeted.promise);
    await send('qmp_capabilities', answerLimit);
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return {
    execute: (command, arguments_) => send(command, answerLimit, arguments_),
    monitor,
    close: () => socket.destroy(),
  };
}

/** Has one conversation with the QEMU behind a socket. */
export async function withQmp<T>(socketFile: string, work: (qmp: Qmp) => Promise<T>): Promise<T> {
  const qmp = await openQmp(socketFile);
  try {
    return await work(qmp);
  } finally {
    qmp.close();
  }
}

/** Polls a migration until the machine's memory is written, or read. */
export async function migrationEnd(qmp: Qmp): Promise<void> {
  const deadline = Date.now() + snapshotLimit;
  while (Date.now() < deadline) {
    const { status } = (await qmp.execute('query-migrate')) as { status?: string };
    if (status === 'completed') return;
    if (status === 'failed' || status === 'cancelled') throw new MachineFailure(`QEMU: the migration has ${status}`);
    await setTimeout(100);
  }
  throw new MachineFailure(`QEMU has not moved the machine's memory within ${snapshotLimit / 1000} s`);
}
