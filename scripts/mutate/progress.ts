/** Says on stderr how far a list of work is, and about how long the rest takes. */
export type Progress = { next: (more?: string) => void; end: () => void };

/** Progress through `count` things: in place on a terminal, elsewhere a line now and then. */
export function showProgress(title: string, count: number): Progress {
  const live = process.stderr.isTTY;
  const start = Date.now();
  let done = 0;
  let said = start;
  function next(more = ''): void {
    done++;
    const now = Date.now();
    if (!live && done < count && now - said < 10_000) return;
    said = now;
    const left = Math.round((((now - start) / done) * (count - done)) / 1000);
    const text = `${title}: ${done} of ${count}${more}${done < count ? `, about ${durationText(left)} left` : ''}`;
    process.stderr.write(live ? `\r\x1b[K${text}` : `${text}\n`);
  }
  return { next, end: () => void (live && done > 0 && process.stderr.write('\n')) };
}

function durationText(seconds: number): string {
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
