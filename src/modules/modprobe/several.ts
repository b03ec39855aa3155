import type { ShellText } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';

/** Gives sections a common prefix, so that one probe can look at several goals. */
export function prefixed(prefix: string, sections: Readonly<Record<string, ShellText>>): Record<string, ShellText> {
  return Object.fromEntries(Object.entries(sections).map(([name, text]) => [`${prefix}-${name}`, text]));
}

/** The answers of {@link prefixed} under their own names. */
export function unprefixed(prefix: string, answer: Answer): Answer {
  const start = `${prefix}-`;
  const own = Object.entries(answer).filter(([name]) => name.startsWith(start));
  return Object.fromEntries(own.map(([name, output]) => [name.slice(start.length), output]));
}
