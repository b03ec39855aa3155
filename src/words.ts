/**
 * Splits a command line into words as a shell would, but expands nothing: blanks separate, single
 * quotes keep everything, double quotes know `\"` and `\\`, a backslash keeps the next character.
 * @returns undefined if a quote is not closed
 */
export function splitWords(line: string): string[] | undefined {
  const words: string[] = [];
  const piece = /\s+|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^\s'"\\]+)/y;
  let word: string | undefined;
  while (piece.lastIndex < line.length) {
    const match = piece.exec(line);
    if (!match) return undefined;
    const [text, single, double, escaped, plain] = match;
    if (/^\s/.test(text)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + (single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? plain ?? '');
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** Words with blanks between them, as they are written: quotes keep blanks together. */
export function rawWords(text: string): readonly string[] {
  return text.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? [];
}

/** The same without their quotes. */
export function wordsOf(text: string): readonly string[] {
  return rawWords(text).map(word => word.replace(/(["'])(.*?)\1/g, '$2'));
}
