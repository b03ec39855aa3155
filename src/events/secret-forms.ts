/** Letters of an encoded part below which it may well be something else. */
const leastPart = 8;

/** Letters of a secret below which it is not masked: a text would be full of `***`. */
export const leastSecret = 3;

/**
 * The texts in which a secret may turn up: itself, in JSON, %-encoded, and in base64, also within a
 * longer text that was encoded as a whole (`user:password`).
 */
export function formsOf(secret: string): readonly string[] {
  if (secret.length < leastSecret) return [];
  const bytes = Buffer.from(secret);
  const uri = encodeURIComponent(secret);
  const strict = uri.replace(/[!'()*]/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const plain = [
    ...[secret, JSON.stringify(secret).slice(1, -1)],
    ...[uri, strict].flatMap(text => [text, text.replaceAll('%20', '+')]).flatMap(text => [text, lowerCase(text)]),
    bytes.toString('base64'),
  ];
  const parts = [0, 1, 2].map(offset => partOf(bytes, offset)).filter(part => part.length >= leastPart);
  const encoded = [bytes.toString('base64').replace(/=+$/, ''), ...parts];
  const url = encoded.map(text => text.replaceAll('+', '-').replaceAll('/', '_'));
  return [...new Set([...plain, ...encoded, ...url])];
}

function lowerCase(text: string): string {
  return text.replace(/%../g, code => code.toLowerCase());
}

/** The letters of base64 that stand for these bytes alone, where so many others come before them. */
function partOf(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  return text.slice(Math.ceil((offset * 4) / 3), Math.floor(((offset + bytes.length) * 4) / 3));
}
