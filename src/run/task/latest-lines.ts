/** The latest lines of a stream, in a room that does not grow however much is printed. */
export interface LatestLines {
  readonly add: (bytes: Uint8Array) => void;
  /** No other bytes come: what is there is a line. */
  readonly end: () => void;
  /**
   * The lines since the last time that are whole, the latest of them, and how many were dropped.
   */
  readonly take: () => { readonly lines: readonly string[]; readonly dropped: number };
  /** Bytes of memory that it has. */
  readonly held: () => number;
}

/** Bytes that are told at once: the last ones. */
const most = 64 * 1024;
const newline = 0x0a;
const carriageReturn = 0x0d;
const nothing = Buffer.alloc(0);

/**
 * Keeps the latest bytes, and makes lines of them when they are asked for: a program that prints
 * without end costs a copy of its bytes.
 */
export function createLatestLines(): LatestLines {
  let room = nothing;
  let size = 0;
  let dropped = 0;
  /**
   * Whether the first line that is kept has lost its beginning: a secret in it may be cut in two.
   */
  let isCut = false;

  function add(bytes: Uint8Array): void {
    if (room.length === 0) room = Buffer.allocUnsafe(2 * most);
    for (let at = 0; at < bytes.length; at += most) {
      const part = bytes.subarray(at, at + most);
      if (size + part.length > room.length) drop(size + part.length - room.length + most);
      room.set(part, size);
      size += part.length;
    }
  }
  /** Gives up the first bytes. */
  function drop(wanted: number): void {
    const count = Math.min(wanted, size);
    if (count <= 0) return;
    dropped += linesIn(room.subarray(0, count));
    isCut = room[count - 1] !== newline;
    remove(count);
  }
  function remove(count: number): void {
    room.copyWithin(0, count, size);
    size -= count;
  }
  function take() {
    drop(size - most);
    const kept = room.subarray(0, size);
    const ends = kept.lastIndexOf(newline) + 1;
    // A line that is written over and over tells its last state before it ends.
    const states = kept.lastIndexOf(carriageReturn) + 1;
    const lines = ends === 0 ? [] : linesOf(kept.toString('utf8', 0, ends - 1).split('\n'));
    const progress =
      states > ends ? linesOf([kept.toString('utf8', ends, states - 1)]).filter(line => line !== '') : [];
    remove(Math.max(ends, states));
    const taken = { lines: [...lines, ...progress], dropped };
    dropped = 0;
    return taken;
  }
  /** What a terminal shows of lines, the first of which may be cut. */
  function linesOf([first = '', ...others]: readonly string[]): readonly string[] {
    const begins = isCut ? first.indexOf('\r') + 1 : 0;
    const isLost = isCut && begins === 0;
    isCut = false;
    if (isLost) dropped += 1;
    return [...(isLost ? [] : [first.slice(begins)]), ...others].map(lastWritten);
  }
  function end(): void {
    if (size === 0 ? isCut : room[size - 1] !== newline) add(Uint8Array.of(newline));
  }
  return { add, end, take, held: () => room.length };
}

function linesIn(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte === newline) count += 1;
  return count;
}

/** What a terminal would show of a line whose beginnings are written over: the last of them. */
function lastWritten(text: string): string {
  return text.split('\r').findLast(part => part !== '') ?? '';
}
