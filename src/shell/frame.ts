import { definitions } from './functions/definitions.ts';
import { quote } from './quote.ts';
import { type Answer, type Output, output, type Script, type Section } from './script.ts';

/** Bytes of a stream that are kept for one script; what comes after is counted and thrown away. */
export const keptBytes = 16 * 1024 * 1024;

export interface FrameOptions {
  /** Unguessable text (hex) that marks the ends of sections; a new one for every script. */
  readonly nonce: string;
  /** True for an apply: the first section that fails is the last that runs. */
  readonly stopAtFailure: boolean;
  /**
   * Another frame is before it in the shell: where that ends, this one begins, and needs no mark.
   */
  readonly behind?: boolean;
  /** It runs programs that are not ours: what they leave running and still printing is found. */
  readonly watched?: boolean;
}

/**
 * The text that a live shell gets for a script. A section runs as `( eval 'text' ) </dev/null`, if
 * it needs a sub-shell: a syntax error in a bare `eval` would end a dash, and a `cat` without stdin
 * of its own would eat the next script. Its end is marked with the nonce and its exit code on
 * stdout and stderr. What the shell writes in one go is one packet of SSH, and each costs both
 * sides.
 */
export function encodeFrame(
  script: Script,
  { nonce, stopAtFailure, behind = false, watched = false }: FrameOptions,
): string {
  const start = behind ? '' : `${print([`${nonce} start 0`])}; `;
  const end = `${nonce} end 0`;
  const last = script.sections.length - 1;
  const lines = script.sections.map((section, at) => {
    const perhaps = stopAtFailure && at > 0;
    const condition = perhaps ? '[ "$__hw" = 0 ] && ' : '';
    const marks = print([`${nonce} ${at} %s`, ...(at === last && !perhaps && !watched ? [end] : [])], ' "$__hw"');
    return `${condition}{ ${commandOf(section)} </dev/null; __hw=$?; ${marks}; }`;
  });
  const ended = !watched && (last === 0 || (last > 0 && !stopAtFailure));
  const texts = script.sections.map(({ text }) => text);
  const before = watched ? 'hw_newest; __hw_first=$hw_to __hw_at=$hw_at\n' : '';
  const found = print([`${nonce} left %s`], ' "$hw_pid"');
  const left = `hw_left "$__hw_first" "$__hw_at"; [ -z "$hw_pid" ] || { ${found}; }\n`;
  const functions = definitions(watched ? [...texts, before, left] : texts);
  const after = `${watched ? left : ''}${ended ? '' : `${print([end])}\n`}`;
  return `${start}${functions}${before}__hw=0\n${lines.join('\n')}\n${after}`;
}

function commandOf({ text, inShell }: Section): string {
  return inShell ? `{ ${text}\n}` : `( eval ${quote(text)} )`;
}

/** Shell text that prints lines on both streams, each in one write. */
function print(lines: readonly string[], argument = ''): string {
  const printed = `printf '${lines.map(line => `${line}\\n`).join('')}'${argument}`;
  return `${printed}; ${printed} >&2`;
}

export interface FrameReader {
  /**
   * Takes bytes as they come, cut anywhere; gives back those that come after the end of the frame.
   */
  readonly push: (stream: 'stdout' | 'stderr', chunk: Uint8Array) => Uint8Array;
  /** Bytes before the frame: something that an earlier script left running still prints. */
  readonly stray: () => number;
  /** True once this stream has brought the end of the frame. */
  readonly ended: (stream: 'stdout' | 'stderr') => boolean;
  /** True once both streams have brought the end of the frame. */
  readonly done: () => boolean;
  readonly answer: () => Answer;
  /**
   * The number of a process that the script has left, and that can still print here.
   */
  readonly left: () => number | undefined;
  /** Bytes that were too many to keep, by stream. */
  readonly dropped: () => { readonly stdout: number; readonly stderr: number };
}

/**
 * Takes what the sections of a script print, while they print it; the bytes are valid until it
 * returns.
 */
export type Heard = (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void;

/**
 * Reads the answer of one frame from the two streams of a shell.
 * @param options.behind as it was encoded
 */
export function readFrame(
  script: Script,
  nonce: string,
  { behind = false, heard }: { readonly behind?: boolean; readonly heard?: Heard | undefined } = {},
): FrameReader {
  const of = (stream: 'stdout' | 'stderr') =>
    readStream(nonce, { count: script.sections.length, behind, heard: bytes => heard?.(stream, bytes) });
  const streams = { stdout: of('stdout'), stderr: of('stderr') };
  return {
    push: (stream, chunk) => streams[stream].push(chunk),
    ended: stream => streams[stream].ended(),
    done: () => streams.stdout.ended() && streams.stderr.ended(),
    answer: () => collect(script, streams.stdout, streams.stderr),
    left: () => streams.stdout.left(),
    stray: () => streams.stdout.stray() + streams.stderr.stray(),
    dropped: () => ({ stdout: streams.stdout.dropped(), stderr: streams.stderr.dropped() }),
  };
}

/**
 * The name of an answer that no section has: the number of a process which the script left behind.
 */
export const leftBehind = 'left behind';

/** The name of an answer that no section has: how many bytes were too many to keep. */
export const notKept = 'not kept';

const nothing = new Uint8Array();

interface StreamReader {
  readonly push: (chunk: Uint8Array) => Uint8Array;
  readonly ended: () => boolean;
  readonly stray: () => number;
  readonly dropped: () => number;
  readonly left: () => number | undefined;
  /** What was printed before the mark of a section, and the code of the mark. */
  readonly sections: ReadonlyMap<number, { readonly bytes: Buffer; readonly code: number }>;
}

/** What may follow the nonce: nothing that a host sends makes this longer. */
const markEnd = /^(start|end|left|\d{1,6}) (\d{1,10})$/;
const longestMark = 24;

interface StreamOptions {
  /** How many sections there are. */
  readonly count: number;
  readonly behind: boolean;
  readonly heard: (bytes: Uint8Array) => void;
}

function readStream(nonce: string, { count, behind, heard }: StreamOptions): StreamReader {
  const mark = Buffer.from(`${nonce} `);
  const sections = new Map<number, { bytes: Buffer; code: number }>();
  let current = collectBytes();
  let carry: Buffer = Buffer.alloc(0);
  let kept = 0;
  let dropped = 0;
  let stray = 0;
  let next = 0;
  let started = behind;
  let ended = false;
  let left: number | undefined;

  function keep(bytes: Buffer): void {
    if (!started) {
      stray += bytes.length;
      return;
    }
    if (bytes.length > 0) heard(bytes);
    const room = Math.min(bytes.length, keptBytes - kept);
    if (room > 0) current.add(bytes.subarray(0, room));
    kept += room;
    dropped += bytes.length - room;
  }
  /** Whether this is a mark that can come now: each section has one, in order. */
  function take(word: string, number: number): boolean {
    if (word === 'start' && !started) started = true;
    else if (word === 'end' && started) ended = true;
    else if (word === 'left' && started) left = number;
    else if (started && Number(word) >= next && Number(word) < count) {
      sections.set(Number(word), { bytes: current.bytes(), code: number });
      next = Number(word) + 1;
    } else return false;
    current = collectBytes();
    return true;
  }
  function push(chunk: Uint8Array): Uint8Array {
    let data = carry.length > 0 ? Buffer.concat([carry, chunk]) : Buffer.from(chunk);
    carry = Buffer.alloc(0);
    while (!ended) {
      const start = data.indexOf(mark);
      const from = start + mark.length;
      const length = start < 0 ? -1 : data.subarray(from, from + longestMark).indexOf(0x0a);
      if (start < 0 || (length < 0 && data.length < from + longestMark)) {
        const safe = start < 0 ? data.length - begunAtEnd(mark, data) : start;
        keep(data.subarray(0, safe));
        carry = data.subarray(safe);
        return nothing;
      }
      keep(data.subarray(0, start));
      const found = markEnd.exec(data.toString('latin1', from, from + Math.max(length, 0)));
      const taken = found !== null && take(found[1] ?? '', Number(found[2]));
      if (!taken) keep(mark);
      data = data.subarray(taken ? from + length + 1 : from);
    }
    return data;
  }

  return { push, stray: () => stray, ended: () => ended, dropped: () => dropped, left: () => left, sections };
}

/**
 * How many bytes at the end of data may be the beginning of a mark that the next chunk completes.
 */
function begunAtEnd(mark: Buffer, data: Buffer): number {
  let length = Math.min(mark.length - 1, data.length);
  while (length > 0 && mark.compare(data, data.length - length, data.length, 0, length) !== 0) length -= 1;
  return length;
}

/**
 * Joins bytes that may come one by one: kept in a chunk each, they would take a hundred times the
 * memory.
 */
function collectBytes() {
  let room = Buffer.alloc(0);
  let length = 0;
  function add(bytes: Buffer): void {
    if (length + bytes.length > room.length) {
      const larger = Buffer.alloc(Math.max(2 * room.length, length + bytes.length));
      room.copy(larger, 0, 0, length);
      room = larger;
    }
    length += bytes.copy(room, length);
  }
  return { add, bytes: () => room.subarray(0, length) };
}

function collect(script: Script, stdout: StreamReader, stderr: StreamReader): Answer {
  const entries = script.sections.flatMap(({ name }, at): [string, Output][] => {
    const out = stdout.sections.get(at);
    if (!out) return [];
    const err = stderr.sections.get(at)?.bytes ?? Buffer.alloc(0);
    return [[name, { code: out.code, stdout: out.bytes.toString(), stderr: err.toString(), bytes: out.bytes }]];
  });
  const left = stdout.left();
  const dropped = stdout.dropped() + stderr.dropped();
  return Object.freeze({
    ...Object.fromEntries(entries),
    ...(dropped > 0 && { [notKept]: output(0, `${dropped}`) }),
    ...(left !== undefined && { [leftBehind]: output(0, `${left}`) }),
  });
}
