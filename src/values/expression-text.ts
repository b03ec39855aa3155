const quotedText = /([rRbB]{0,2}(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'))/;

/** Rewrites an expression outside of its quoted texts. */
export function outsideQuotes(text: string, rewrite: (code: string) => string): string {
  return text
    .split(quotedText)
    .map((piece, at) => (at % 2 === 1 ? piece : rewrite(piece)))
    .join('');
}

/** Words that templates of Go have in braces, as those of `docker inspect -f`. */
const goWords = 'end|else|break|continue';

/**
 * Where an expression has a variable in braces: anywhere outside of quotes, in quotes only `{{ a.b
 * }}`.
 */
export function bracesIn(text: string): number {
  let offset = 0;
  for (const [at, piece] of text.split(quotedText).entries()) {
    const variable = new RegExp(`\\{\\{\\s*(?!(?:${goWords})\\b)[A-Za-z_]\\w*(?:[.]\\w+)*\\s*\\}\\}`);
    const found = at % 2 === 1 ? piece.search(variable) : piece.indexOf('{{');
    if (found >= 0) return offset + found;
    offset += piece.length;
  }
  return -1;
}

/**
 * The expression with its variables out of the braces; a text that has some in it becomes a sum.
 */
export function withoutBraces(text: string): string {
  const plain = (code: string) => code.replace(/\{\{\s*([\s\S]*?)\s*\}\}/g, '$1');
  return text
    .split(quotedText)
    .map((piece, at) => (at % 2 === 1 ? sumOf(piece) : plain(piece)))
    .join('');
}

function sumOf(quoted: string): string {
  if (bracesIn(quoted) < 0) return quoted;
  const [, quote = '"', inner = ''] = /^[rRbB]*("""|'''|"|')([\s\S]*)\1$/.exec(quoted) ?? [];
  const parts = inner.split(/\{\{\s*([A-Za-z_]\w*(?:[.]\w+)*)\s*\}\}/);
  if (parts.length === 3 && parts[0] === '' && parts[2] === '') return parts[1] ?? quoted;
  const terms = parts.map((part, at) => (at % 2 === 1 ? `string(${part})` : part && `${quote}${part}${quote}`));
  return terms.filter(term => term !== '').join(' + ');
}
