/** A word of an expression of Jinja. */
export interface Word {
  readonly kind: 'text' | 'number' | 'name' | 'sign' | 'end';
  /** As it is written, a text with its quotes. */
  readonly text: string;
}

const pattern = new RegExp(
  [
    String.raw`\s*(?:`,
    String.raw`(?<text>"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*')|`,
    String.raw`(?<number>\d+(?:[.]\d+)?)|`,
    String.raw`(?<name>[A-Za-z_]\w*)|`,
    String.raw`(?<sign>\/\/|\*\*|[=!<>]=|[-+*/%~<>()[\]{}.,:|=])`,
    ')',
  ].join(''),
  'y',
);

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

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\', "'": "'", '"': '"' };

/** What a text in quotes says; a backslash before any other letter is one. */
export function saidBy(quoted: string): string {
  return quoted.slice(1, -1).replace(/\\([\s\S])/g, (all, sign: string) => escapes[sign] ?? all);
}
