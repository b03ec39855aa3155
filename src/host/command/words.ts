import { type ShellText, sh } from '../../shell/quote.ts';

/**
 * Splits a command line into words as a shell would, but expands nothing: blanks separate, single quotes keep everything, double
 * quotes know `\"` and `\\`, a backslash keeps the next character.
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

/**
 * What a shell would have acted upon in a command line that goes through none, unquoted: an operator
 * that stands alone, or a variable (`$HOME`), which Ansible expands without a shell.
 */
export function shellOperator(line: string): string | undefined {
  const bare = line.replace(/'[^']*'|"(?:[^"\\]|\\[\s\S])*"|\\./g, 'q');
  return /(?:^|\s)(\|\|?|&&|>>?|2>&1|<)(?=\s|$)/.exec(bare)?.[1] ?? /\$(?:[A-Za-z_]\w*|\{\w+\})/.exec(bare)?.[0];
}

/** The command of a `validate` argument with its `%s` replaced by a path, which may be shell text. */
export function fillCommand(line: string, path: string | ShellText): ShellText {
  const words = (splitWords(line) ?? []).map(word => {
    const [first = '', ...rest] = word.split('%s');
    return rest.reduce(
      (text, part) => (part === '' ? sh`${text}${path}` : sh`${text}${path}${part}`),
      first === '' ? sh`` : sh`${first}`,
    );
  });
  return sh`${words}`;
}
