/** Stands for a character that the shell takes literally. */
export const literal = '\uFFFD';

/**
 * Shell text in which all that is quoted, and every comment, is masked by {@link literal}, so that
 * what is left are words and operators of the shell itself. The text of a substitution between
 * double quotes is not masked. Positions stay.
 */
export function maskQuoted(text: string): string {
  return [...walk(text)].join('');
}

type Place = 'plain' | 'double' | 'substitution';

function* walk(text: string): Generator<string> {
  const places: Place[] = ['plain'];
  for (let at = 0; at < text.length; ) {
    const place = places.at(-1) ?? 'plain';
    const char = text.charAt(at);
    const length = tokenLength(text, at, place);
    const masked = length > 1 || place === 'double';
    if (char === '"') {
      if (place === 'double') places.pop();
      else places.push('double');
      yield literal;
    } else if (text.startsWith('$(', at)) {
      places.push('substitution');
      yield '$(';
      at += 2;
      continue;
    } else if (char === '(' && place === 'substitution') {
      places.push('substitution');
      yield char;
    } else if (char === ')' && place === 'substitution') {
      places.pop();
      yield char;
    } else yield masked ? literal.repeat(length) : char;
    at += length;
  }
}

/**
 * How many characters from here on belong together: an escaped character, text in single quotes, a
 * comment.
 */
function tokenLength(text: string, at: number, place: Place): number {
  const char = text[at];
  if (char === '\\') return Math.min(2, text.length - at);
  if (place === 'double') return 1;
  const end = char === "'" ? text.indexOf("'", at + 1) + 1 : 0;
  if (end > 0) return end - at;
  const newline = text.indexOf('\n', at);
  if (char === '#' && (at === 0 || /\s/.test(text.charAt(at - 1)))) return (newline < 0 ? text.length : newline) - at;
  return 1;
}
