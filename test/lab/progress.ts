/** Says which step is running and for how long. */
export type Progress = {
  /** Begins a step. `detail` is asked for what the step is at, in a few words. */
  step: (title: string, detail?: () => string) => void;
  end: () => void;
  /** Something that whoever looks on should know, in one line, and once. */
  say: (text: string) => void;
};

/** Milliseconds between two lines about the same step where the output is not a terminal. */
const heartbeat = 20_000;

/**
 * Progress on stderr: in place on a terminal; elsewhere a line now and then, and when a step ends.
 */
export function showProgress(out: NodeJS.WriteStream = process.stderr, beat = heartbeat): Progress {
  const live = out.isTTY;
  const told = new Set<string>();
  let title = '';
  let start = 0;
  let detail: (() => string) | undefined;
  let timer: NodeJS.Timeout | undefined;

  function line(mark: string): string {
    return `${mark} ${title} (${Math.round((Date.now() - start) / 1000)} s)`;
  }
  function running(): string {
    const more = detail?.();
    const text = more ? `${line('…')}: ${more}` : line('…');
    return live ? `\r\x1b[K${text.slice(0, Math.max(20, (out.columns ?? 80) - 1))}` : `${text}\n`;
  }
  function end(): void {
    clearInterval(timer);
    if (title) out.write(`${live ? '\r\x1b[K' : ''}${line('✓')}\n`);
    title = '';
  }
  function step(next: string, more?: () => string): void {
    end();
    title = next;
    detail = more;
    start = Date.now();
    if (live) out.write(running());
    timer = setInterval(() => out.write(running()), live ? 1000 : beat).unref();
  }
  function say(text: string): void {
    if (told.has(text)) return;
    told.add(text);
    out.write(`${live ? '\r\x1b[K' : ''}${text}\n`);
  }
  return { step, end, say };
}

/** Progress that is not shown: for tests. */
export const silent: Progress = { step() {}, end() {}, say() {} };
