import { readEntry, statEntry } from '../../host/file/entry.ts';
import { textOf } from '../../host/file/goal.ts';
import { toPattern } from '../../host/lines/pattern.ts';
import { matchInTime } from '../../in-time.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { raw, type ShellText, sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';
import type { Args } from './schema.ts';

export interface WaitState {
  /** The port is open, the path is there, the pattern is found. */
  readonly there: boolean;
}

const local = /^(localhost|127\.[0-9.]+|::1)$/;

/** One look at the port or path. */
export function probeWait(args: Args): Record<string, ShellText> {
  const { host, port, path, search_regex, connect_timeout } = args;
  if (path !== undefined) {
    return {
      entry: statEntry(path, { follow: true }),
      ...(search_regex !== undefined && { tail: sh`if [ -f ${path} ]; then tail -c 1048576 -- ${path}; fi` }),
    };
  }
  if (port === undefined) return { nothing: raw(':') };
  // The kernel's own list: a look leaves no trace in the log of what listens.
  if (local.test(host))
    return { sockets: raw('cat /proc/net/tcp && if [ -e /proc/net/tcp6 ]; then cat /proc/net/tcp6; fi') };
  return { connect: connect(host, port, connect_timeout) };
}

/** @throws CannotTell */
export function readWait(answer: Answer, args: Args): WaitState {
  const { host, port, path, search_regex } = args;
  if (path !== undefined) {
    const entry = readEntry(answer, 'entry');
    if (!entry || search_regex === undefined) return { there: entry !== undefined };
    const tail = accept(answer, 'tail', [0], 'tail');
    return {
      there: isIn(search_regex, textOf(tail.bytes) ?? new TextDecoder('latin1').decode(tail.bytes)),
    };
  }
  if (port === undefined) return { there: true };
  if (local.test(host)) return { there: listens(accept(answer, 'sockets', [0], 'cat /proc/net/tcp').stdout, port) };
  const found = accept(answer, 'connect', [0, 1, 3, 124, 143], 'a connection');
  if (found.code === 3) {
    const needs = [{ kind: 'program', name: 'nc' }] as const;
    throw new CannotTell('the host has neither nc -z nor bash to try a connection with', {
      needs,
      advice: 'Install netcat first.',
    });
  }
  return { there: found.code === 0 };
}

/**
 * Leaves with 3 where nothing can connect; `timeout` ends an attempt with 124 or, in busybox, 143.
 */
function connect(host: string, port: number, seconds: number): ShellText {
  return sh`if nc -h 2>&1 | grep -q -e '-[a-z]*z'; then nc -z -w ${seconds} ${host} ${port} </dev/null >/dev/null 2>&1 || exit 1
elif command -v bash >/dev/null; then timeout ${seconds} bash -c 'exec 3<>"/dev/tcp/$1/$2"' - ${host} ${port} 2>/dev/null
else exit 3; fi`;
}

/** True if a socket listens on the port at an address that 127.0.0.1 or ::1 reaches. */
function listens(table: string, port: number): boolean {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const lines = table.split('\n').map(line => line.trim().split(/\s+/));
  return lines.some(([, at = '', , state]) => {
    const [address = '', suffix] = at.split(':');
    // 0A is LISTEN; the last byte of an IPv4 address comes first.
    return (
      state === '0A' &&
      suffix === hex &&
      (/^0+$/.test(address) || /7F$/.test(address) || /^0{24}01000000$/.test(address))
    );
  });
}

function isIn(pattern: string, text: string): boolean {
  return matchInTime([pattern], [text], () => toPattern(pattern, 'm').test(text));
}
