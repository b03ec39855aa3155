import { definitions } from './functions/definitions.ts';
import { quote } from './quote.ts';
import type { Answer, Output, Script } from './script.ts';

/** Bytes of a stream that are kept for one script; what comes after is counted and thrown away. */
export const keptBytes = 16 * 1024 * 1024;

export interface FrameOptions {
  /** Unguessable text (hex) that marks the ends of sections; a new one for every script. */
  readonly nonce: string;
  /** True for an apply: the first section that fails is the last that runs. */
  readonly stopAtFailure: boolean;
  /** Another frame is before it in the shell: where that ends, this one begins, and needs no mark. */
  readonly behind?: boolean;
}

/**
 * The text that a live shell gets for a script. Each section runs as `( eval 'text' ) </dev/null`: a syntax error in a bare `eval` would end a
 * dash, and a `cat` without stdin of its own would eat the next script. Its end is marked with the nonce and its exit code on stdout and stderr. What
 * the shell writes in one go is one packet of SSH, and each costs both sides.
 */
export function encodeFrame(script: Script, { nonce, stopAtFailure, behind = false }: FrameOptions): string {
  const start = behind ? '' : `${print([`${nonce} start 0`])}; `;
  const end = `${nonce} end 0`;
  const last = script.sections.length - 1;
  const lines = script.sections.map(({ text }, at) => {
    const perhaps = stopAtFailure && at > 0;
    const condition = perhaps ? '[ "$__hw" = 0 ] && ' : '';
    const marks = print([`${nonce} ${at} %s`, ...(at === last && !perhaps ? [end] : [])], ' "$__hw"');
    return `${condition}{ ( eval ${quote(text)} ) </dev/null; __hw=$?; ${marks}; }`;
  });
  const ended = last === 0 || (last > 0 && !stopAtFailure);
  const functions = definitions(script.sections.map(({ text }) => text));
  return `${start}${functions}__hw=0\n${lines.join('\n')}\n${ended ? '' : `${print([end])}\n`}`;
}

/** Shell text that prints lines on both streams, each in one write. */
function print(lines: readonly string[], argument = ''): string {
  const printed = `printf '${lines.map(line => `${line}\\n`).join('')}'${argument}`;
  return `${printed}; ${printed} >&2`;
}

export interface FrameReader {
  /** Takes bytes as they come, cut anywhere; gives back those that come after the end of the frame. */
  readonly push: (stream: 'stdout' | 'stderr', chunk: Uint8Array) => Uint8Array;
  /** Bytes before the frame: something that an earlier script left running still prints. */
  readonly stray: () => number;
  /** True once this stream has brought the end of the frame. */
  readonly ended: (stream: 'stdout' | 'stderr') => boolean;
  /** True once both streams have brought the end of the frame. */
  readonly done: () => boolean;
  readonly answer: () => Answer;
  /** Bytes that were too many to keep, by stream. */
  readonly dropped: () => { readonly stdout: number; readonly stderr: number };
}

/** Reads the answer of one frame from the two streams of a shell. */
export function readFrame(script: Script, nonce: string, behind = false): FrameReader {
  const streams = { stdout: readStream(nonce, behind), stderr: readStream(nonce, behind) };
  return {
    push: (stream, chunk) => streams[stream].push(chunk),
    ended: stream => streams[stream].ended(),
    done: () => streams.stdout.ended() && streams.stderr.ended(),
    answer: () => collect(script, streams.stdout, streams.stderr),
    stray: () => streams.stdout.stray() + streams.stderr.stray(),
    dropped: () => ({ stdout: streams.stdout.dropped(), stderr: streams.stderr.dropped() }),
  };
}

const nothing = new Uint8Array();

interface StreamReader {
  readonly push: (chunk: Uint8Array) => Uint8Array;
  readonly ended: () => boolean;
  readonly stray: () => number;
  readonly dropped: () => number;
  /** What was printed before the mark of a section, and the code of the mark. */
  readonly sections: ReadonlyMap<number, { readonly bytes: Buffer; readonly code: number }>;
}

function readStream(nonce: string, behind: boolean): StreamReader {
  const mark = Buffer.from(`${nonce} `);
  const sections = new Map<number, { bytes: Buffer; code: number }>();
  let current: Buffer[] = [];
  let carry: Buffer = Buffer.alloc(0);
  let kept = 0;
  let dropped = 0;
  let stray = 0;
  let started = behind;
  let ended = false;

  function keep(bytes: Buffer): void {
    if (!started) {
      stray += bytes.length;
      return;
    }
    const room = Math.min(bytes.length, keptBytes - kept);
    if (room > 0) current.push(bytes.subarray(0, room));
    kept += room;
    dropped += bytes.length - room;
  }

  function push(chunk: Uint8Array): Uint8Array {
    let data = carry.length > 0 ? Buffer.concat([carry, chunk]) : Buffer.from(chunk);
    carry = Buffer.alloc(0);
    while (!ended) {
      const start = data.indexOf(mark);
      const end = start < 0 ? -1 : data.indexOf(0x0a, start);
      if (end < 0) {
        // The tail may be the beginning of a mark that the next chunk completes.
        const safe = start < 0 ? Math.max(0, data.length - mark.length + 1) : start;
        keep(data.subarray(0, safe));
        carry = data.subarray(safe);
        return nothing;
      }
      keep(data.subarray(0, start));
      const [at, code] = data.toString('latin1', start + mark.length, end).split(' ');
      if (at === 'start') started = true;
      else if (at === 'end') ended = true;
      else sections.set(Number(at), { bytes: Buffer.concat(current), code: Number(code) });
      current = [];
      data = data.subarray(end + 1);
    }
    return data;
  }

  return { push, stray: () => stray, ended: () => ended, dropped: () => dropped, sections };
}

function collect(script: Script, stdout: StreamReader, stderr: StreamReader): Answer {
  const entries = script.sections.flatMap(({ name }, at): [string, Output][] => {
    const out = stdout.sections.get(at);
    if (!out) return [];
    const err = stderr.sections.get(at)?.bytes ?? Buffer.alloc(0);
    return [[name, { code: out.code, stdout: out.bytes.toString(), stderr: err.toString(), bytes: out.bytes }]];
  });
  return Object.freeze(Object.fromEntries(entries));
}
