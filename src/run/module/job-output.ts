import type { Heard } from '../../shell/frame.ts';
import type { Known } from '../../shell/job.ts';
import type { Answer, Output } from '../../shell/script.ts';

/** Lets be heard what a job prints, each time it is asked. */
export interface JobOutput {
  /** What to ask beyond; undefined where it is not listened to, or not yet. */
  readonly known: () => Known | undefined;
  /** Takes what came beyond {@link known}. */
  readonly take: (answer: Answer) => void;
  /** Takes the answer of a job that is over. */
  readonly takeAll: (answer: Answer) => void;
}

/** Milliseconds after which a job is asked what it prints: a short one tells it at its end. */
const patience = 1_000;

/** @param heard absent where it must not be heard */
export function followOutput(heard: Heard | undefined): JobOutput {
  const began = performance.now();
  const known = { stdout: 0, stderr: 0 };
  function hear(stream: 'stdout' | 'stderr', bytes: Uint8Array): void {
    known[stream] += bytes.length;
    if (bytes.length > 0) heard?.(stream, bytes);
  }
  return {
    known: () => (heard && performance.now() - began >= patience ? { ...known } : undefined),
    take: answer => {
      for (const stream of ['stdout', 'stderr'] as const) hear(stream, answer[`job ${stream}`]?.bytes ?? none);
    },
    takeAll: answer => {
      const sections: readonly Output[] = Object.values(answer);
      hear('stdout', Buffer.concat(sections.map(({ bytes }) => bytes)).subarray(known.stdout));
      hear('stderr', Buffer.from(sections.map(({ stderr }) => stderr).join('')).subarray(known.stderr));
    },
  };
}

const none = new Uint8Array();
