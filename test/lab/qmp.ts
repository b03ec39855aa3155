import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';

type Message = { return?: unknown; error?: { desc: string }; event?: string; QMP?: unknown };

/** One conversation with QEMU's machine protocol. */
export type Qmp = {
  execute: (command: string, arguments_?: Record<string, unknown>) => Promise<unknown>;
  /** A command of the human monitor: the only way to some of them. What it says on failure is an error. */
  monitor: (line: string) => Promise<void>;
  close: () => void;
};

/** Connects to the socket of a running QEMU. */
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
  socket.on('close', () => fail(new Error('QEMU closed its control socket')));
  lines.on('line', line => {
    const message = JSON.parse(line) as Message;
    if (message.QMP) greeted.resolve();
    else if (message.error) waiting.shift()?.reject(new Error(`QEMU: ${message.error.desc}`));
    else if ('return' in message) waiting.shift()?.resolve(message.return);
  });

  function send(command: string, arguments_?: Record<string, unknown>): Promise<unknown> {
    const answer = Promise.withResolvers<unknown>();
    waiting.push(answer);
    socket.write(`${JSON.stringify({ execute: command, arguments: arguments_ })}\n`);
    return answer.promise;
  }
  async function monitor(line: string): Promise<void> {
    const said = await send('human-monitor-command', { 'command-line': line });
    if (typeof said === 'string' && said.trim()) throw new Error(`QEMU: ${line}: ${said.trim()}`);
  }
  await greeted.promise;
  await send('qmp_capabilities');
  return { execute: send, monitor, close: () => socket.destroy() };
}

/** Polls a migration until the machine's memory is written, or read. */
export async function migrationEnd(qmp: Qmp): Promise<void> {
  for (;;) {
    const { status } = (await qmp.execute('query-migrate')) as { status?: string };
    if (status === 'completed') return;
    if (status === 'failed' || status === 'cancelled') throw new Error(`QEMU: the migration has ${status}`);
    await setTimeout(100);
  }
}
