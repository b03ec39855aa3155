/** Says which step is running and for how long: in place on a terminal, a line when a step ends elsewhere. */
export type Progress = {
  step: (title: string) => void;
  end: () => void;
};

/** Progress on stderr. */
export function showProgress(): Progress {
  const live = process.stderr.isTTY;
  let title = '';
  let start = 0;
  let timer: NodeJS.Timeout | undefined;

  function line(mark: string): string {
    const seconds = Math.round((Date.now() - start) / 1000);
    return `${mark} ${title} (${seconds} s)`;
  }
  function end(): void {
    clearInterval(timer);
    if (title) process.stderr.write(`${live ? '\r\x1b[K' : ''}${line('✓')}\n`);
    title = '';
  }
  function step(next: string): void {
    end();
    title = next;
    start = Date.now();
    if (!live) return;
    process.stderr.write(line('…'));
    timer = setInterval(() => process.stderr.write(`\r\x1b[K${line('…')}`), 1000).unref();
  }
  return { step, end };
}

/** Progress that nobody sees: for tests. */
export const silent: Progress = { step() {}, end() {} };
