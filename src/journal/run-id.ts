/** Digits of an id in the order of their values, without those that look like others. */
const digits = '0123456789abcdefghjkmnpqrstvwxyz';
const length = 5;

/** Ids begin to count here; five digits of minutes reach 64 years. */
const epoch = Date.UTC(2026, 0, 1);

/**
 * The id of a run that begins now: the minutes since 2026, or the next one after the newest that is
 * there. So ids are short and sort by time, also where several begin in one minute, or the clock
 * jumps back.
 */
export function nextId(now: Date, newest: string | undefined): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - epoch) / 60_000));
  return textOf(newest === undefined ? minutes : Math.max(minutes, numberOf(newest) + 1));
}

/** Whether a text is the id of a run. */
export function isRunId(text: string): boolean {
  return text.length === length && [...text].every(digit => digits.includes(digit));
}

function textOf(count: number): string {
  const places = Array.from({ length }, (_, at) => Math.floor(count / digits.length ** (length - 1 - at)));
  return places.map(place => digits[place % digits.length]).join('');
}

function numberOf(id: string): number {
  return [...id].reduce((sum, digit) => sum * digits.length + digits.indexOf(digit), 0);
}
