import type { NumberedEvent, RunEvent } from './event.ts';

/** Takes events, numbers them and tells them to every reader at once, in order. */
export interface EventStream {
  readonly emit: (event: RunEvent) => void;
  /**
   * Settles once what was told so far is where it outlives this process; at once if no reader keeps
   * it. Rejects with the error of the reader that cannot.
   */
  readonly kept: () => Promise<void>;
}

export type EventReader = (event: NumberedEvent) => void;

/**
 * @param mask takes secrets out of a text; applied to every text of an event before any reader sees
 * it.
 */
export function createStream(
  readers: readonly EventReader[],
  mask: (text: string) => string,
  kept: EventStream['kept'] = async () => {},
): EventStream {
  let seq = 0;
  let masked = false;
  function noting(text: string): string {
    const shown = mask(text);
    masked ||= shown !== text;
    return shown;
  }
  function emit(event: RunEvent): void {
    seq += 1;
    masked = false;
    const shown = maskAll({ ...event, seq, time: new Date().toISOString() }, noting) as NumberedEvent;
    const numbered: NumberedEvent = masked ? { ...shown, masked } : shown;
    for (const read of readers) read(numbered);
  }
  return { emit, kept };
}

/** A value with each of its texts masked. */
export function maskTexts<T>(value: T, mask: (text: string) => string): T {
  return maskAll(value, mask, inFields) as T;
}

/** The depth from which on no name is one of ours. */
const inFields = 3;

/**
 * Words of our own that readers decide by; a password that happens to be one of them must not break
 * them. A module's own fields have none.
 */
const structure: ReadonlySet<string> = new Set([
  'type',
  'status',
  'kind',
  'level',
  'time',
  'id',
  'place',
  'run',
  'from',
]);

function maskAll(value: unknown, mask: (text: string) => string, depth = 0): unknown {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map(item => maskAll(item, mask, depth));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        structure.has(key) && depth < inFields ? item : maskAll(item, mask, key === 'fields' ? inFields : depth + 1),
      ]),
    );
  }
  return value;
}
