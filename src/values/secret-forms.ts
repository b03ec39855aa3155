import { quote } from '../shell/quote.ts';
import { escapeXml } from './xml-text.ts';

/** Letters of a line or an encoded part below which it may well be something else. */
const leastPart = 8;

/** Letters of a secret below which it is not masked: a text would be full of `***`. */
export const leastSecret = 3;

/**
 * The texts in which a secret may turn up: itself, its lines, in JSON, in XML, as a word of a
 * shell, %-encoded, and in base64, also within a longer text that was encoded as a whole
 * (`user:password`).
 */
export function formsOf(secret: string): readonly string[] {
  if (secret.length < leastSecret) return [];
  const bytes = Buffer.from(secret);
  const uri = encodeURIComponent(secret);
  const strict = uri.replace(/[!'()*]/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const plain = [
    ...linesOf(secret),
    ...[secret, inShell(secret)].flatMap(text => [text, JSON.stringify(text).slice(1, -1)]),
    ...[/[&<>]/g, /[&<>"]/g, /[&<>']/g, /[&<>"']/g].map(signs => escapeXml(secret, signs)),
    ...[uri, strict].flatMap(text => [text, text.replaceAll('%20', '+')]).flatMap(text => [text, lowerCase(text)]),
    bytes.toString('base64'),
  ];
  const parts = [0, 1, 2].map(offset => partOf(bytes, offset)).filter(part => part.length >= leastPart);
  const encoded = [bytes.toString('base64').replace(/=+$/, ''), ...parts];
  const url = encoded.map(text => text.replaceAll('+', '-').replaceAll('/', '_'));
  return [...new Set([...plain, ...encoded, ...url])];
}

/** Lines of a secret that has several, such as a key: they may be told one by one. */
function linesOf(secret: string): readonly string[] {
  const lines = secret.split('\n').map(line => line.trim());
  return lines.length === 1 ? [] : lines.filter(line => line.length >= leastPart);
}

/** What stands between the quotes of a shell; no shell can carry a NUL byte. */
function inShell(secret: string): string {
  return secret.includes('\0') ? secret : quote(secret).replace(/^'([\s\S]*)'$/, '$1');
}

function lowerCase(text: string): string {
  return text.replace(/%../g, code => code.toLowerCase());
}

/**
 * The letters of base64 that stand for these bytes alone, where so many others come before them.
 */
function partOf(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  return text.slice(Math.ceil((offset * 4) / 3), Math.floor(((offset + bytes.length) * 4) / 3));
}
