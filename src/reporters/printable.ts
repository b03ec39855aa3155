/**
 * Control characters could rewrite the terminal or begin a line that looks like ours, and marks of
 * direction turn the order of what is read (Unicode TR 36). In a line, a newline is one of them.
 */
const unseen = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text from anywhere as a piece of one line: what is not to be printed is shown as its number. */
export function printable(text: string): string {
  return text.replace(unseen, letter => {
    const number = letter.charCodeAt(0).toString(16);
    return number.length > 2 ? `\\u${number.padStart(4, '0')}` : `\\x${number.padStart(2, '0')}`;
  });
}

/** The same for text that has lines of its own. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
