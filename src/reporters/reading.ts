/** Tells on stderr that journals are being read, where that takes long. */
export interface Reading {
  /** One more is about to be read. @param of how many runs there are at most */
  readonly begin: (of: number) => void;
  /** All are read that were wanted. */
  readonly end: () => void;
}

/** Milliseconds until something is said. */
const patience = 1500;

/** Milliseconds between two figures on a terminal. */
const pause = 200;

/**
 * Nothing has been read so far.
 * @param stream of people, as stderr
 * @param clock gives milliseconds
 */
export function tellReading(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>,
  clock = () => performance.now(),
): Reading {
  const started = clock();
  let count = 0;
  let told = 0;
  function begin(of: number): void {
    count += 1;
    const now = clock();
    if (now - started < patience || now - told < pause || (told > 0 && !stream.isTTY)) return;
    told = now;
    if (stream.isTTY) stream.write(`\r\x1b[2KReading journals: ${count} of ${of} …`);
    else stream.write(`Reading the journals of up to ${of} runs; the next time they are known …\n`);
  }
  return { begin, end: () => void (stream.isTTY && told > 0 && stream.write('\r\x1b[2K')) };
}
