/** A word of an expression of Jinja. */
export interface Word {
  readonly kind: 'text' | 'number' | 'name' | 'sign' | 'end';
  /** As it is written, a text with its quotes. */
  readonly text: string;
}

const pattern =
  /\s*(?:(?<text>"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*')|(?<number>\d+(?:[.]\d+)?)|(?<name>[A-Za-z_]\w*)|(?<sign>\/\/|\*\*|[=!<>]=|[-+*/%~<>()[\]{}.,:|=]))/y;

/** The words of an expression of Jinja; undefined where something else is in it. */
export function wordsOf(text: string): readonly Word[] | undefined {
  const words: Word[] = [];
  const next = new RegExp(pattern);
  const end = text.trimEnd().length;
  while (next.lastIndex < end) {
    const groups = next.exec(text)?.groups;
    if (!groups) return undefined;
    const [kind, found] = Object.entries(groups).find(([, value]) => value !== undefined) as [Word['kind'], string];
    words.push({ kind, text: found });
  }
  return [...words, { kind: 'end', text: '' }];
}
