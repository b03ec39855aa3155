/**
 * Letters that take two columns of a terminal: East Asian Wide and Fullwidth (Unicode TR 11), and
 * pictures.
 */
const wide = new RegExp(
  [
    String.raw`[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6`,
    String.raw`\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]`,
  ].join(''),
  'u',
);
const none = /[\p{Mark}\u200b-\u200d\u2060\ufeff]/u;
const ascii = /^[ -~]*$/;
const painting = /\u001b\[[\d;]*m/g;

/** Columns that a printable text takes on a terminal, painted or not. */
export function widthOf(text: string): number {
  const plain = text.replace(painting, '');
  if (ascii.test(plain)) return plain.length;
  return [...plain].reduce((sum, letter) => sum + widthOfLetter(letter), 0);
}

/** The text in so many columns at most; `…` takes the place of what is cut off. */
export function cutTo(columns: number, text: string): string {
  return widthOf(text) <= columns ? text : `${headOf(text, columns - 1)}…`;
}

/** The text with blanks behind it, up to so many columns. */
export function padTo(columns: number, text: string): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)));
}

/**
 * One line of text as lines of so many columns at most, broken between words; a word that is longer
 * than a line is broken where the line ends.
 * @param hang blanks before each line but the first
 */
export function wrap(text: string, columns: number, hang: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const [piece] of text.matchAll(/\s+|\S+/g)) {
    let left = piece;
    if (widthOf(line) + widthOf(left) > columns) {
      if (left.trim() === '') continue;
      const isBegun = line.trim() !== '';
      if (isBegun) {
        lines.push(line.trimEnd());
        line = ' '.repeat(hang);
      }
      while (widthOf(line) + widthOf(left) > columns) {
        const head = headOf(left, Math.max(1, columns - widthOf(line)));
        lines.push(line + head);
        left = left.slice(head.length);
        line = ' '.repeat(hang);
      }
    }
    line += left;
  }
  return [...lines, line.trimEnd()];
}

function headOf(text: string, columns: number): string {
  let [head, width] = ['', 0];
  for (const letter of text) {
    width += widthOfLetter(letter);
    // A letter that is wider than the line must not hold it up for ever.
    if (width > columns && head !== '') break;
    head += letter;
  }
  return head;
}

function widthOfLetter(letter: string): number {
  if (none.test(letter)) return 0;
  return wide.test(letter) ? 2 : 1;
}
