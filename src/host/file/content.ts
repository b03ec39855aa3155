import { type ShellText, sh } from '../../shell/quote.ts';
import type { LocalFile, Send } from '../../transfers.ts';
import { type Goal, sha256Of, smallFile, textOf } from './goal.ts';

/** What a file is to hold. */
export interface Content {
  /** Lower-case hex. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** Where it is text that can be shown. */
  readonly text?: string;
  /** Prints it on the host; or what is sent there ahead, where it is too large for a script. */
  readonly from: ShellText | { readonly kind: 'sent'; readonly content: Send['content'] };
  /** Leaves with 75 if what is copied on the host has changed since it was probed. */
  readonly same?: ShellText;
}

/** Content that the controller holds as text. */
export function contentOfText(text: string): Content {
  const size = Buffer.byteLength(text);
  // No shell can carry a NUL.
  const fits = size <= smallFile && !text.includes('\0');
  return { sha256: sha256Of(text), size, text, from: fits ? sh`printf %s ${text}` : { kind: 'sent', content: text } };
}

/** A file of the controller. */
export function contentOfFile(file: LocalFile): Content {
  if (file.text !== undefined) return contentOfText(file.text);
  return { sha256: file.sha256, size: file.size, from: { kind: 'sent', content: file } };
}

/** A file that is on the host already. */
export function contentOnHost(path: string, sha256: string, size: number): Content {
  return {
    sha256,
    size,
    from: sh`cat <${path}`,
    same: sh`{ [ "$(sha256sum < ${path})" = ${`${sha256}  -`} ] || exit 75; }`,
  };
}

/** The content as a diff shows it. */
export function describeContent({ text, size, sha256 }: Content): string {
  return text ?? `binary or large: ${size} bytes, sha256 ${sha256}\n`;
}

/** What is at the goal, as a diff shows it. */
export function describeGoal({ entry, bytes, sha256 }: Goal): string {
  if (!entry) return '';
  if (entry.kind === 'link') return 'a symbolic link\n';
  const text = bytes && textOf(bytes);
  return text ?? `binary or large: ${entry.size} bytes${sha256 === undefined ? '' : `, sha256 ${sha256}`}\n`;
}
