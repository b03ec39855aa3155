import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { messageOf } from '../errors.ts';
import type { Receiver } from './receiver.ts';

/** Why a message was not delivered. */
export interface Failure {
  readonly why: string;
  /** The receiver will never take it. */
  readonly isFinal: boolean;
}

/**
 * Gives a message to its receiver.
 * @param signal ends the attempt
 * @returns undefined once it is delivered
 */
export function deliver(receiver: Receiver, text: string, signal: AbortSignal): Promise<Failure | undefined> {
  return receiver.kind === 'url' ? post(receiver, text, signal) : start(receiver.path, text, signal);
}

/** Statuses of HTTP that are about the message, not about the receiver. */
const aboutMessage: readonly number[] = [400, 413, 422];

async function post(
  { url, secret }: Extract<Receiver, { kind: 'url' }>,
  body: string,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  const where = URL.parse(url)?.host ?? '';
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'hostwright',
    ...(secret === undefined ? {} : { 'X-Hostwright-Signature': `sha256=${signatureOf(body, secret)}` }),
  };
  try {
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
    await response.body?.cancel();
    if (response.ok) return undefined;
    return { why: `${where} answered ${response.status}`, isFinal: aboutMessage.includes(response.status) };
  } catch (error) {
    if (signal.aborted) return { why: `${where} did not answer in time`, isFinal: false };
    // What went wrong with the connection is the cause; the rest of the URL may be a secret.
    const { cause } = error as Error;
    return { why: `${where}: ${messageOf(cause ?? error)}`, isFinal: false };
  }
}

function signatureOf(body: string, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

async function start(path: string, text: string, signal: AbortSignal): Promise<Failure | undefined> {
  if (signal.aborted) return { why: `${path} was not started: the time is up`, isFinal: false };
  const child = spawn(path, [], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  // With all that it has started.
  const end = () => child.pid !== undefined && killGroup(child.pid);
  signal.addEventListener('abort', end, { once: true });
  // A program need not read what it is told.
  child.stdin.on('error', () => undefined);
  child.stdin.end(text);
  try {
    const [code, ended] = (await once(child, 'exit')) as [number | null, string | null];
    if (code === 0) return undefined;
    const how = signal.aborted ? 'did not end in time' : `ended with ${code ?? ended}`;
    return { why: `${path} ${how}`, isFinal: false };
  } catch (error) {
    return { why: `${path} cannot be started: ${messageOf(error)}`, isFinal: false };
  } finally {
    signal.removeEventListener('abort', end);
  }
}

function killGroup(id: number): void {
  try {
    process.kill(-id, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}
