import { entryAt } from '../../host/file/entry.ts';
import { textOf } from '../../host/file/goal.ts';
import { toPattern } from '../../host/lines/pattern.ts';
import { matchInTime } from '../../in-time.ts';
import { CannotTell } from '../../shell/answer.ts';
import { all, ask, type Look, later, map, own, printed } from '../../shell/look.ts';
import { raw, sh } from '../../shell/quote.ts';
import type { Args } from './schema.ts';

const local = /^(localhost|127\.[0-9.]+|::1)$/;

/** Whether the port is open, the path is there, the pattern is found. @throws CannotTell */
export function presence({ host, port, path, search_regex, connect_timeout }: Args): Look<boolean> {
  if (path !== undefined) return search_regex === undefined ? isThere(path) : holds(path, search_regex);
  if (port === undefined) throw new Error('there is neither a port nor a path to wait for');
  return local.test(host) ? listens(port) : connects(host, port, connect_timeout);
}

function isThere(path: string): Look<boolean> {
  return map(entryAt(path, { follow: true }), entry => entry !== undefined);
}

/** Whether the end of a file matches; a file that is not there does not. */
function holds(path: string, pattern: string): Look<boolean> {
  const tail = ask('tail', sh`if [ -f ${path} ]; then tail -c 1048576 -- ${path}; fi`);
  return map(all({ [own]: isThere(path), tail: later(tail) }), ({ [own]: there, tail }) => {
    if (!there) return false;
    const { bytes } = tail();
    const text = textOf(bytes) ?? new TextDecoder('latin1').decode(bytes);
    return matchInTime([pattern], [text], () => toPattern(pattern, 'm').test(text));
  });
}

/**
 * Leaves with 3 where nothing can connect; `timeout` ends an attempt with 124 or, in busybox, 143.
 */
function connects(host: string, port: number, seconds: number): Look<boolean> {
  const text = sh`if nc -h 2>&1 | grep -q -e '-[a-z]*z'; then \
nc -z -w ${seconds} ${host} ${port} </dev/null >/dev/null 2>&1 || exit 1
elif command -v bash >/dev/null; then \
timeout ${seconds} bash -c 'exec 3<>"/dev/tcp/$1/$2"' - ${host} ${port} 2>/dev/null
else exit 3; fi`;
  return map(ask('a connection', text, [0, 1, 3, 124, 143]), ({ code }) => {
    if (code !== 3) return code === 0;
    const needs = [{ kind: 'program', name: 'nc' }] as const;
    const advice = 'Install netcat first.';
    throw new CannotTell('the host has neither nc -z nor bash to try a connection with', { needs, advice });
  });
}

/**
 * Whether a socket listens on the port at an address that 127.0.0.1 or ::1 reaches. It is the
 * kernel's own list: a look leaves no trace in the log of what listens.
 */
function listens(port: number): Look<boolean> {
  const text = raw('cat /proc/net/tcp && if [ -e /proc/net/tcp6 ]; then cat /proc/net/tcp6; fi');
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return map(printed('cat /proc/net/tcp', text), table => {
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
  });
}
