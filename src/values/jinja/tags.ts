/** A statement of Jinja in a text: `{%- if tls %}`. */
export interface Tag {
  readonly word: string;
  /** What comes after the word. */
  readonly rest: string;
  readonly offset: number;
  readonly length: number;
  /**
   * `~` where the statement takes the blanks before it away, or those behind it: as Handlebars
   * writes it.
   */
  readonly before: '~' | '';
  readonly after: '~' | '';
  /** Of `if` and `for`: what goes on with it, and ends it. */
  readonly parts: readonly Tag[];
}

const words = [
  ...['if', 'elif', 'else', 'endif', 'for', 'endfor', 'set', 'endset', 'block', 'endblock', 'macro', 'endmacro'],
  ...['include', 'extends', 'import', 'from', 'raw', 'endraw', 'call', 'endcall', 'filter', 'endfilter'],
  ...['with', 'endwith', 'autoescape', 'endautoescape', 'do', 'break', 'continue', 'trans', 'endtrans'],
].join('|');
const statement = new RegExp(`\\{%([-+]?)\\s*(${words})\\b\\s*([\\s\\S]*?)\\s*([-+]?)%\\}`, 'g');

/** A tag whose parts are still being found. */
type OpenTag = Tag & { readonly parts: Tag[] };

/**
 * The statements of Jinja in a text that are written here each by itself: not those that go on with
 * an `if` or `for` of the same text, or end another one.
 */
export function tagsIn(text: string): readonly Tag[] {
  const found: Tag[] = [];
  const open: OpenTag[] = [];
  for (const match of text.matchAll(statement)) {
    const tag = tagOf(match);
    const block = open.at(-1);
    const isPart = goesOn(tag.word);
    if (block && isPart) block.parts.push(tag);
    if (block && tag.word === `end${block.word}`) open.pop();
    if (/^(?:if|for)$/.test(tag.word)) open.push(tag);
    if (isPart ? !block : found.length === 0 || !tag.word.startsWith('end')) found.push(tag);
  }
  return found;
}

/** Whether a statement goes on with an `if` or `for`, or ends it. */
export function goesOn(word: string): boolean {
  return /^(?:elif|else|endif|endfor)$/.test(word);
}

function tagOf({
  0: { length },
  1: left,
  2: word = '',
  3: rest = '',
  4: right,
  index: offset,
}: RegExpExecArray): OpenTag {
  return { word, rest, offset, length, before: tilde(left), after: tilde(right), parts: [] };
}

/** What Handlebars writes where Jinja has this sign in its braces: a minus takes blanks away. */
export function tilde(sign: string | undefined): '~' | '' {
  return sign === '-' ? '~' : '';
}
