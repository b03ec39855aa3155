import { onDemand } from '../../on-demand.ts';

/** An attribute with the places of its parts in the text. */
export interface XmlAttribute {
  readonly name: string;
  readonly value: string;
  /** Where the blank before it starts. */
  readonly start: number;
  /** Where what stands between its quotes starts and ends. */
  readonly from: number;
  readonly to: number;
  readonly quote: string;
}

/**
 * An element with the places of its tags in the text. The document itself is one without a name.
 */
export interface XmlElement {
  readonly name: string;
  readonly parent: XmlElement | undefined;
  readonly attributes: readonly XmlAttribute[];
  readonly children: XmlElement[];
  /** URIs by prefix; '' is the default. */
  readonly namespaces: Readonly<Record<string, string>>;
  /** Where its start tag starts and ends. */
  readonly start: number;
  readonly open: number;
  /** Where its end tag starts and ends; with `<a/>` both are the end of the start tag. */
  close: number;
  end: number;
  /** The text that stands directly in it. */
  text: string;
  /** That and the text of all below. */
  value: string;
}

const token = new RegExp(
  [
    String.raw`<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!DOCTYPE[^[>]*(?:\[[\s\S]*?\]\s*)?>|`,
    String.raw`<!\[CDATA\[([\s\S]*?)\]\]>|`,
    String.raw`<\/[^>]*>|`,
    String.raw`<([^\s/>!?]+)((?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|`,
    '([^<]+)',
  ].join(''),
  'y',
);

/**
 * Reads XML into elements that know where they stand, so that an edit can leave all else as it is,
 * byte for byte.
 * @throws Error where the text is not well-formed
 */
export function parseTree(text: string): XmlElement {
  requireWellFormed(text);
  const document = elementAt('', undefined, [], 0, 0);
  let current = document;
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const start = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw new Error(`what starts with ${JSON.stringify(text.slice(start, start + 40))} is not understood`);
    const [whole, data, name, attributes = '', closed, characters = ''] = match;
    const end = start + whole.length;
    if (name !== undefined) {
      const element = elementAt(name, current, readAttributes(attributes, start + 1 + name.length), start, end);
      current.children.push(element);
      if (closed === '') current = element;
    } else if (whole.startsWith('</')) {
      Object.assign(current, { close: start, end });
      current = current.parent ?? document;
    } else addText(current, data ?? decode(characters));
  }
  Object.assign(document, { close: text.length, end: text.length });
  return document;
}

/** All elements below, in the order of the document. */
export function descendants(element: XmlElement): readonly XmlElement[] {
  return element.children.flatMap(child => [child, ...descendants(child)]);
}

/** A name without its prefix, and the URI that the prefix stands for where it is used. */
export function expand(name: string, namespaces: Readonly<Record<string, string>>): { local: string; uri: string } {
  const at = name.indexOf(':');
  return { local: name.slice(at + 1), uri: namespaces[at < 0 ? '' : name.slice(0, at)] ?? '' };
}

/** Text as it is written between tags or, with a quote, in an attribute. */
export function encode(text: string, quote = ''): string {
  const signs: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
  };
  const plain = text.replace(/[&<>]/g, sign => signs[sign] ?? sign).replaceAll('\r', '&#13;');
  return quote === ''
    ? plain
    : plain
        .replaceAll(quote, signs[quote] ?? quote)
        .replaceAll('\n', '&#10;')
        .replaceAll('\t', '&#9;');
}

function elementAt(
  name: string,
  parent: XmlElement | undefined,
  attributes: readonly XmlAttribute[],
  start: number,
  open: number,
): XmlElement {
  const own = attributes.flatMap(({ name: key, value }) => {
    const prefix = key === 'xmlns' ? '' : /^xmlns:(.+)$/.exec(key)?.[1];
    return prefix === undefined ? [] : [[prefix, value] as const];
  });
  const namespaces = { ...parent?.namespaces, ...Object.fromEntries(own) };
  return {
    name,
    parent,
    attributes,
    children: [],
    namespaces,
    start,
    open,
    close: open,
    end: open,
    text: '',
    value: '',
  };
}

function readAttributes(text: string, offset: number): readonly XmlAttribute[] {
  return [...text.matchAll(/\s+([^\s=]+)\s*=\s*(["'])([\s\S]*?)\2/g)].map(match => {
    const [whole, name = '', quote = '', value = ''] = match;
    const to = offset + match.index + whole.length - 1;
    const from = to - value.length;
    return { name, value: decode(value), start: offset + match.index, from, to, quote };
  });
}

function addText(element: XmlElement, text: string): void {
  element.text += text;
  for (let at: XmlElement | undefined = element; at; at = at.parent) at.value += text;
}

function decode(text: string): string {
  const signs: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(lt|gt|amp|quot|apos));/gi, (whole, hex, number, name) =>
    name ? (signs[name as string] ?? whole) : String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(number)),
  );
}

function requireWellFormed(text: string): void {
  const { DOMParser } = onDemand('@xmldom/xmldom') as typeof import('@xmldom/xmldom');
  const parser = new DOMParser({
    onError: (_level, message) => {
      throw new Error(message);
    },
  });
  parser.parseFromString(text.replace(/^\ufeff/, ''), 'text/xml');
}
