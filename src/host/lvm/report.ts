import { CannotTell } from '../../shell/answer.ts';
import { type Look, map, printed } from '../../shell/look.ts';
import { type ShellText, sh } from '../../shell/quote.ts';

/** One row of an LVM report: the values are strings, numbers in bytes. */
export type Row = Readonly<Record<string, string>>;

/** The programs that print reports. */
type Program = 'vgs' | 'lvs' | 'pvs';

/** Keeps LVM from warning about every file descriptor that it inherits. */
export const quiet = sh`LVM_SUPPRESS_FD_WARNINGS=1`;

/**
 * The command of a report (`vgs`, `lvs`, `pvs`) over everything that LVM sees. Never asks for an
 * object by name: a name that is not there and a lock that failed both leave with 5.
 * @param where one `field="value"` of LVM's selection; an empty list with exit code 0 is then an
 * honest "not there".
 */
export function reportCommand(program: Program, fields: readonly string[], where?: string): ShellText {
  const selection = where === undefined ? sh`` : sh` --select ${where}`;
  const all = program === 'lvs' ? sh` -a` : sh``;
  return sh`${quiet} ${program}${all} --reportformat json --units b --nosuffix -o ${fields.join(',')}${selection}`;
}

/**
 * The rows of a report over everything that LVM sees, as {@link reportCommand} asks for it.
 * @throws CannotTell for any exit code but 0 and for text that is not such a report.
 */
export function report(program: Program, fields: readonly string[], where?: string): Look<readonly Row[]> {
  return map(printed(program, reportCommand(program, fields, where)), stdout => rowsOf(program, stdout));
}

/**
 * The rows in what a report printed as JSON. A lock or a permission that failed makes LVM leave
 * with 5 and an empty list: that is not an answer.
 * @throws CannotTell for text that is not such a report.
 */
export function rowsOf(program: Program, stdout: string): readonly Row[] {
  const kind = program.slice(0, -1);
  try {
    const { report } = JSON.parse(stdout) as { report: Record<string, Row[]>[] };
    const rows = report.flatMap(part => part[kind] ?? []);
    if (report.some(part => Array.isArray(part[kind]))) return rows;
  } catch {
    // Told below, together with a report of the wrong shape.
  }
  throw new CannotTell(`${program} printed something that is not a report: ${stdout.slice(0, 200)}`);
}

/**
 * A field as text.
 * @throws CannotTell if LVM did not print it.
 */
export function textOf(row: Row, field: string): string {
  const value = row[field];
  if (value === undefined) throw new CannotTell(`LVM printed no ${field}`);
  return value;
}

/**
 * A field as a number.
 * @throws CannotTell if LVM did not print one.
 */
export function numberOf(row: Row, field: string): number {
  const value = Number(row[field]);
  if (row[field] === undefined || row[field] === '' || !Number.isFinite(value)) {
    throw new CannotTell(`LVM printed no number for ${field}: ${JSON.stringify(row[field] ?? null)}`);
  }
  return value;
}
