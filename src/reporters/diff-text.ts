import type { Diff } from '../events/result.ts';
import { onDemand } from '../on-demand.ts';

/** Lines of one diff that are shown; the rest is counted. */
const shownLines = 200;

/** Unified diffs, as `diff -u` shows them. */
export function diffText(diffs: readonly Diff[]): string {
  return diffs.map(unified).join('');
}

function unified({ subject, before, after }: Diff): string {
  const { createTwoFilesPatch } = onDemand('diff') as typeof import('diff');
  // A missing newline at the end is a difference only where it is the only one.
  const whole = withNewline(before) === withNewline(after) ? (text: string) => text : withNewline;
  const patch = createTwoFilesPatch(`${subject} (before)`, `${subject} (after)`, whole(before), whole(after), '', '', {
    context: 3,
  });
  const lines = patch.split('\n').slice(1);
  if (lines.length <= shownLines) return lines.join('\n');
  return `${lines.slice(0, shownLines).join('\n')}\n… ${lines.length - shownLines} more lines\n`;
}

function withNewline(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
