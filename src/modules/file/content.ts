import { type ShellText, sh } from '../../shell/quote.ts';
import type { LocalFile } from '../module.ts';
import { type Goal, sha256Of, textOf } from './goal.ts';

/** What a file shall hold. */
export interface Content {
  /** Lower-case hex. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** Where it is text that can be shown. */
  readonly text?: string;
  /** What the engine puts at the temporary name. */
  readonly put?: string | LocalFile;
  /** Makes the file at the temporary name on the host itself, where nothing is put. */
  readonly make?: (part: string) => ShellText;
  /** Opens the guard: leaves with 75 if what is copied on the host is no longer what was probed. */
  readonly same?: ShellText;
}

/** Content that the controller holds as text. */
export function contentOfText(text: string): Content {
  return { sha256: sha256Of(text), size: Buffer.byteLength(text), text, put: text };
}

/** A file of the controller. */
export function contentOfFile(file: LocalFile): Content {
  const { sha256, size, text } = file;
  return { sha256, size, ...(text !== undefined && { text }), put: text ?? file };
}

/** A file that is on the host already. */
export function contentOnHost(path: string, sha256: string, size: number): Content {
  return {
    sha256,
    size,
    make: part => sh`umask 077 && cp -- ${path} ${part}`,
    same: sh`[ "$(sha256sum < ${path})" = ${`${sha256}  -`} ] || exit 75`,
  };
}

/** The content as a diff shows it. */
export function describeContent({ text, size, sha256 }: Content): string {
  return text ?? `binary or large: ${size} bytes, sha256 ${sha256}\n`;
}

/** What stands at the goal, as a diff shows it. */
export function describeGoal({ entry, bytes, sha256 }: Goal): string {
  if (!entry) return '';
  if (entry.kind === 'link') return 'a symbolic link\n';
  const text = bytes && textOf(bytes);
  return text ?? `binary or large: ${entry.size} bytes${sha256 === undefined ? '' : `, sha256 ${sha256}`}\n`;
}
