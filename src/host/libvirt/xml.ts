import type { Document, Element, Node } from '@xmldom/xmldom';
import { onDemand } from '../../on-demand.ts';
import { CannotTell } from '../../shell/answer.ts';

export type { Document, Element };

const xmldom = (): typeof import('@xmldom/xmldom') => onDemand('@xmldom/xmldom');

/**
 * Parses XML that a host printed.
 * @param what names it in the message: `the definition of vm1`.
 * @throws CannotTell for text that is not well-formed, or whose root element is another.
 */
export function parseXml(text: string, root: string, what: string): Document {
  const { DOMParser } = xmldom();
  let problem = '';
  const parser = new DOMParser({
    onError: (_level, message) => {
      problem = message;
      throw new Error(message);
    },
  });
  try {
    const document = parser.parseFromString(text, 'text/xml');
    if (document.documentElement?.localName === root) return document;
    problem = `its root is ${document.documentElement?.nodeName ?? 'missing'}`;
  } catch (error) {
    problem ||= error instanceof Error ? error.message : String(error);
  }
  throw new CannotTell(`${what} is not the XML of a ${root}: ${problem}`);
}

/** The root element of a document. @throws CannotTell for a document without one */
export function rootOf({ documentElement }: Document): Element {
  if (!documentElement) throw new CannotTell('a document of libvirt is empty');
  return documentElement;
}

/** The text of a document; the inverse of {@link parseXml} but for the kind of quotes. */
export function formatXml(document: Document): string {
  const { XMLSerializer } = xmldom();
  const text = new XMLSerializer().serializeToString(document, { requireWellFormed: true });
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** Child elements, all or those of a name. */
export function children(parent: Element, name?: string): readonly Element[] {
  const all = [...parent.childNodes].filter(isElement);
  return name === undefined ? all : all.filter(element => element.nodeName === name);
}

/** The first child element of a name. */
export function child(parent: Element | undefined, name: string): Element | undefined {
  return parent && children(parent, name)[0];
}

/** The element at a path of names below another: `at(domain, 'devices', 'emulator')`. */
export function at(from: Element, ...path: readonly string[]): Element | undefined {
  return path.reduce<Element | undefined>((element, name) => child(element, name), from);
}

/** The text of an element without blanks around it; '' where there is none. */
export function textOf(element: Element | undefined): string {
  return element?.textContent?.trim() ?? '';
}

/** An attribute, undefined where it is not there. */
export function attribute(element: Element | undefined, name: string): string | undefined {
  return element?.getAttributeNode(name)?.value;
}

/** Sets the attribute where it differs; `undefined` removes it. */
export function setAttribute(element: Element, name: string, value: string | undefined): void {
  if (value === undefined) element.removeAttribute(name);
  else if (attribute(element, name) !== value) element.setAttribute(name, value);
}

/** Sets the text of an element where it differs. */
export function setText(element: Element, text: string): void {
  if (textOf(element) !== text) element.textContent = text;
}

/**
 * Makes a child element, indented like what libvirt prints.
 * @param after names of children that it stands behind, where they are there; else it stands at the
 * end.
 */
export function addChild(
  parent: Element,
  name: string,
  attributes: Readonly<Record<string, string>> = {},
  after?: readonly string[],
): Element {
  const { ownerDocument: document } = parent;
  if (!document) throw new CannotTell(`<${parent.nodeName}> is in no document of libvirt`);
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  const depth = depthOf(parent) + 1;
  const indent = document.createTextNode(`\n${'  '.repeat(depth)}`);
  const anchor = after && children(parent).findLast(sibling => after.includes(sibling.nodeName));
  const last = parent.lastChild;
  const tail = isBlank(last) ? last : null;
  const before = anchor ? anchor.nextSibling : tail;
  parent.insertBefore(indent, before);
  parent.insertBefore(element, before);
  if (!last) parent.appendChild(document.createTextNode(`\n${'  '.repeat(depth - 1)}`));
  return element;
}

/** The child of that name, made where it is missing. */
export function ensureChild(parent: Element, name: string, after?: readonly string[]): Element {
  return child(parent, name) ?? addChild(parent, name, {}, after);
}

/** Takes an element out, together with the blanks before it. */
export function remove(element: Element): void {
  const before = element.previousSibling;
  if (isBlank(before)) before.parentNode?.removeChild(before);
  element.parentNode?.removeChild(element);
}

/** Takes the element out if nothing is left in it: no attribute, no child, no text. */
export function removeIfEmpty(element: Element | undefined): void {
  if (element && element.attributes.length === 0 && children(element).length === 0 && textOf(element) === '') {
    remove(element);
  }
}

/** One text for elements that mean the same: attributes sorted, blanks and comments left out. */
export function canonical(element: Element | undefined): string {
  if (!element) return '';
  const attributes = [...element.attributes].map(({ name, value }) => ` ${name}=${JSON.stringify(value)}`).sort();
  const inner = children(element).map(canonical).join('') || textOf(element);
  return `<${element.nodeName}${attributes.join('')}>${inner}</>`;
}

function depthOf(element: Element): number {
  const parent = element.parentNode;
  return isElement(parent) ? depthOf(parent) + 1 : 0;
}

function isElement(node: Node | null): node is Element {
  return node !== null && node.nodeType === node.ELEMENT_NODE;
}

function isBlank(node: Node | null): node is Node {
  return node !== null && node.nodeType === node.TEXT_NODE && node.nodeValue?.trim() === '';
}
