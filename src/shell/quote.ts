import { HostwrightError } from '../errors.ts';

/**
 * A piece of POSIX shell text whose quoting is settled. Only {@link sh} and {@link raw} make one.
 */
export interface ShellText {
  readonly kind: 'shell-text';
  readonly text: string;
  /** See {@link inShell}. */
  readonly inShell?: true;
}

export type ShellValue = string | number | bigint | ShellText | readonly (string | number | ShellText)[];

const nul = 'A NUL byte cannot be part of a command, of its input or of its environment.';
const hint = 'Take it out of the value, for instance of what a register holds of a binary file.';
const plainWord = /^[A-Za-z0-9_@%+=:,./-]+$/;

/**
 * Quotes one word for any POSIX shell (dash, busybox ash, bash): single quotes, which nothing
 * inside can leave. The only place in the project that quotes. A word of harmless characters stays
 * as it is, so that scripts read well.
 * @throws HostwrightError `shell.nul` for a NUL byte, which no shell can carry.
 */
export function quote(word: string): string {
  if (word.includes('\0')) throw new HostwrightError('shell.nul', nul, { hint });
  if (plainWord.test(word) && !word.startsWith('=')) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * Shell text from a template: what stands between the braces is quoted, a list becomes its words
 * separated by blanks, and shell text is taken as it is: ``sh`vgcreate -s ${size} ${name}
 * ${devices}` ``.
 */
export function sh(strings: TemplateStringsArray, ...values: ShellValue[]): ShellText {
  const [first = '', ...parts] = strings;
  const text = values.reduce<string>((all, value, at) => all + render(value) + parts[at], first);
  return { kind: 'shell-text', text };
}

/**
 * Shell text that is taken literally: constants of the program only, never anything that came from
 * outside.
 */
export function raw(text: string): ShellText {
  if (text.includes('\0')) throw new HostwrightError('shell.nul', nul, { hint });
  return { kind: 'shell-text', text };
}

/**
 * Text that as a section of its own needs no sub-shell, which saves a process: it never leaves its
 * shell, and changes nothing of it but variables that begin with `hw_`.
 */
export function inShell(text: ShellText): ShellText {
  return { ...text, inShell: true };
}

/**
 * Joins pieces by `separator` (a newline by default); `undefined` and `false` fall out, so parts
 * can be conditional.
 */
export function join(pieces: readonly (ShellText | undefined | false)[], separator = '\n'): ShellText {
  const texts = pieces.filter(piece => piece !== undefined && piece !== false).map(piece => piece.text);
  return { kind: 'shell-text', text: texts.join(separator) };
}

function render(value: ShellValue): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number' || typeof value === 'bigint') return quote(String(value));
  if ('kind' in value) return value.text;
  return value.map(item => render(item)).join(' ');
}
