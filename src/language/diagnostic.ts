import { exitCodes, HostwrightError } from '../errors.ts';
import type { Position, YamlSource } from './source.ts';

/** One thing that is wrong in a file, found before any host is touched. */
export interface Diagnostic {
  readonly at: Position;
  readonly message: string;
  /** What to do: a nearest name, the valid form of the line. */
  readonly hint?: string;
  /** The whole line it is in. */
  readonly excerpt?: string;
  /** True where the line could not be read: whatever else is said of it only follows from that. */
  readonly unread?: true;
  /** True where another line may be to blame. */
  readonly unclear?: true;
  /**
   * True for what only another program reads differently; it gives way to another problem at the
   * same place.
   */
  readonly doubt?: true;
}

/** A file in which something is wrong. */
export interface BrokenFile {
  /** What of its text is not read: all of it, where there is no rest. */
  readonly text: string;
  /** What the rest of it says, if that can be read. */
  readonly rest?: YamlSource;
}

/**
 * A playbook, inventory, role or option that cannot be used. Carries every problem found, sorted by
 * place.
 */
export class InvalidInput extends HostwrightError {
  readonly diagnostics: readonly Diagnostic[];
  /** How many there are: "12 problems in 3 files". */
  readonly total: string;
  /** The file that is not read, if it is one and could be opened. */
  readonly broken?: BrokenFile;

  constructor(diagnostics: readonly Diagnostic[], broken?: BrokenFile) {
    const sorted = sortDiagnostics(diagnostics);
    super('input.invalid', sorted.map(renderDiagnostic).join('\n\n'), { exitCode: exitCodes.usage });
    this.name = 'InvalidInput';
    this.diagnostics = sorted;
    const files = new Set(sorted.map(({ at }) => at.file)).size;
    const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
    this.total = `${plural(sorted.length, 'problem')} in ${plural(files, 'file')}`;
    if (broken) this.broken = broken;
  }
}

/** Makes a diagnostic with the line it is in. */
export function diagnose(text: string, at: Position, message: string, hint?: string): Diagnostic {
  const excerpt = text.split('\n')[at.line - 1];
  return Object.freeze({
    at,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(excerpt === undefined ? {} : { excerpt }),
  });
}

/**
 * The text for people:
 *
 *     playbooks/site.yml:4:7: unknown keyword "task"
 *       4 |     task:
 *         |     ^
 *       Did you mean "tasks"?
 */
export function renderDiagnostic({ at, message, hint, excerpt }: Diagnostic): string {
  const number = String(at.line);
  const pad = ' '.repeat(number.length);
  const shown = (excerpt ?? '').slice(0, 160).trimEnd();
  const lines = [`${at.file}:${at.line}:${at.column}: ${message}`];
  if (shown) lines.push(`  ${number} | ${shown}`, `  ${pad} | ${' '.repeat(Math.min(at.column, 161) - 1)}^`);
  if (hint) lines.push(`  ${hint}`);
  return lines.join('\n');
}

function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  const placeOf = ({ at }: Diagnostic) => `${at.file}:${at.line}:${at.column}`;
  const lineOf = ({ at }: Diagnostic) => `${at.file}:${at.line}`;
  const unread = new Set(diagnostics.filter(one => one.unread).map(lineOf));
  const sure = new Set(diagnostics.filter(({ doubt }) => !doubt).map(placeOf));
  return diagnostics
    .filter(one => {
      const key = `${placeOf(one)}:${one.message}`;
      if (!one.unread && unread.has(lineOf(one))) return false;
      return !(one.doubt && sure.has(placeOf(one))) && !seen.has(key) && seen.add(key);
    })
    .toSorted(
      (a, b) =>
        a.at.file.localeCompare(b.at.file) ||
        a.at.line - b.at.line ||
        a.at.column - b.at.column ||
        a.message.localeCompare(b.message),
    );
}
