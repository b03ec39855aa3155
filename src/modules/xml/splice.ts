import { formatElement, type NewElement } from './new-element.ts';
import { encode, type XmlAttribute, type XmlElement } from './tree.ts';

/** Text that takes the place of what stands between two places. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Makes all splices at once; one that lies in what another removes falls out. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const inOrder = splices.toSorted((one, other) => one.start - other.start || other.end - one.end);
  let done = 0;
  let result = '';
  for (const splice of inOrder) {
    if (splice.start < done) continue;
    result += text.slice(done, splice.start) + splice.text;
    done = splice.end;
  }
  return result + text.slice(done);
}

/** Sets what stands between the tags. */
export function setText(source: string, { name, open, close, end }: XmlElement, text: string): Splice {
  if (isShort(source, open, end)) return { start: slashOf(source, open), end, text: `>${encode(text)}</${name}>` };
  return { start: open, end: close, text: encode(text) };
}

/** Sets an attribute that is there, or adds it with the quotes of those that are. */
export function setAttribute(element: XmlElement, name: string, value: string, old?: XmlAttribute): Splice {
  if (old) return { start: old.from, end: old.to, text: encode(value, old.quote) };
  const last = element.attributes.at(-1);
  const quote = last?.quote ?? '"';
  const at = last ? last.to + 1 : element.start + 1 + element.name.length;
  return { start: at, end: at, text: ` ${name}=${quote}${encode(value, quote)}${quote}` };
}

/** Takes an attribute out, with the blank before it. */
export function removeAttribute({ start, to }: XmlAttribute): Splice {
  return { start, end: to + 1, text: '' };
}

/** Takes an element out, with the blanks before it. */
export function removeElement(source: string, { start, end }: XmlElement): Splice {
  return { start: start - blanksBefore(source, start).length, end, text: '' };
}

/** Adds children behind those that are there, on lines of their own where theirs are. */
export function addChildren(source: string, parent: XmlElement, added: readonly NewElement[]): Splice {
  const { open, close, end, name } = parent;
  const lastChild = parent.children.at(-1);
  const own = lineStart(source, parent);
  const unit = unitOf(source, parent);
  const first = parent.children[0];
  const indent = first ? lineStart(source, first) : own === '' ? '' : own + unit;
  const mixed = parent.text.trim() !== '';
  const text = added.map(child => (mixed ? '' : indent) + formatElement(child, mixed ? '' : indent, unit)).join('');
  if (isShort(source, open, end)) return { start: slashOf(source, open), end, text: `>${text}${own}</${name}>` };
  if (lastChild && !mixed) return { start: lastChild.end, end: lastChild.end, text };
  if (mixed) return { start: close, end: close, text };
  // Comments stay where they are.
  const blank = blanksBefore(source, close).length;
  return { start: close - Math.min(blank, close - open), end: close, text: text + own };
}

/** Replaces all children. */
export function setChildren(source: string, parent: XmlElement, wanted: readonly NewElement[]): Splice {
  const { open, close, end, name } = parent;
  const own = lineStart(source, parent);
  const unit = unitOf(source, parent);
  const first = parent.children[0];
  const indent = first ? lineStart(source, first) : own === '' ? '' : own + unit;
  const text = wanted.map(child => indent + formatElement(child, indent, unit)).join('');
  const inner = indent === '' || wanted.length === 0 ? text : text + own;
  if (isShort(source, open, end)) return { start: slashOf(source, open), end, text: `>${inner}</${name}>` };
  return { start: open, end: close, text: inner };
}

/** The newline and blanks before an element; '' where it does not start a line. */
function lineStart(source: string, { start, parent }: XmlElement): string {
  const blanks = blanksBefore(source, start);
  // The root starts a line even where nothing stands before it.
  if (parent?.parent === undefined) return blanks.includes('\n') || blanks === '' ? '\n' : '';
  return blanks.includes('\n') ? blanks.slice(blanks.lastIndexOf('\n')) : '';
}

/** What a level of indentation adds. */
function unitOf(source: string, element: XmlElement): string {
  let root = element;
  while (root.parent?.parent) root = root.parent;
  const first = root.children[0];
  const indent = first ? lineStart(source, first).slice(1) : '  ';
  return indent === '' ? '  ' : indent;
}

function blanksBefore(source: string, at: number): string {
  const before = source.slice(Math.max(0, at - 10_000), at);
  return before.slice(before.trimEnd().length);
}

function isShort(source: string, open: number, end: number): boolean {
  return open === end && source[open - 2] === '/';
}

/** Where `/>` and the blanks before it start. */
function slashOf(source: string, open: number): number {
  return open - 2 - blanksBefore(source, open - 2).length;
}
