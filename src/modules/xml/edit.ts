import { certain } from '../../errors.ts';
import { childOf, elementFor, type NewElement } from './new-element.ts';
import { type Path, parsePath, type Step } from './path.ts';
import type { Args } from './schema.ts';
import { attributesOf, select, type XmlNode } from './select.ts';
import {
  addChildren,
  applySplices,
  removeAttribute,
  removeElement,
  type Splice,
  setAttribute,
  setChildren,
  setText,
} from './splice.ts';
import { parseTree, type XmlElement } from './tree.ts';

/** The nodes of a text that a path leads to. @throws Error where the text is not XML */
export function findNodes(text: string, { xpath, namespaces }: Args): readonly XmlNode[] {
  return select(parseTree(text), parsePath(xpath, namespaces), namespaces);
}

/**
 * The text as it is to be, or why that cannot be known.
 * @throws Error where the text is not XML
 */
export function editXml(text: string, args: Args): { readonly text: string } | { readonly problem: string } {
  const document = parseTree(text);
  const path = parsePath(args.xpath, args.namespaces);
  const nodes = select(document, path, args.namespaces);
  if (args.state === 'absent')
    return {
      text: applySplices(
        text,
        nodes.flatMap(node => without(text, node, args)),
      ),
    };
  if (nodes.length === 0) return make(text, document, path, args);
  const parent = nodes.find(({ element, attribute }) => !attribute && !args.attribute && element.children.length > 0);
  if (args.value !== undefined && parent) {
    return { problem: `${parent.element.name} has child elements, which a value would remove` };
  }
  const strange = nodes.find(({ attribute, text: isText }) => (attribute || isText) && forElements(args));
  if (strange) return { problem: 'xpath leads to an attribute or a text, and not to an element' };
  return {
    text: applySplices(
      text,
      nodes.flatMap(node => within(text, node, args)),
    ),
  };
}

/**
 * Whether two elements say the same, blanks and comments aside; for a new one that is a child that
 * need not be added.
 */
function isAlike(element: XmlElement, wanted: NewElement): boolean {
  const attributes = Object.entries(wanted.attributes);
  const text = element.children.length > 0 ? element.text.trim() : element.text;
  return (
    element.name === wanted.name &&
    element.attributes.length === attributes.length &&
    element.attributes.every(({ name, value }) => wanted.attributes[name] === value) &&
    (text === wanted.text || (wanted.text === '' && text.trim() === '')) &&
    areAlike(element.children, wanted.children)
  );
}

function areAlike(elements: readonly XmlElement[], wanted: readonly NewElement[]): boolean {
  const isAt = (one: NewElement, at: number) => elements.slice(at, at + 1).some(element => isAlike(element, one));
  return elements.length === wanted.length && wanted.every(isAt);
}

function without(source: string, { element, attribute, text }: XmlNode, args: Args): readonly Splice[] {
  if (attribute) return [removeAttribute(attribute)];
  if (args.attribute !== undefined) {
    return attributesOf(element, args.attribute, args.namespaces).map(removeAttribute);
  }
  return [text ? setText(source, element, '') : removeElement(source, element)];
}

function within(source: string, { element, attribute }: XmlNode, args: Args): readonly Splice[] {
  const value = args.value === undefined ? undefined : String(args.value);
  if (value !== undefined && (attribute || args.attribute !== undefined)) {
    const named = args.attribute ?? '';
    const old = attribute ?? attributesOf(element, named, args.namespaces)[0];
    const name = old?.name ?? named;
    return old?.value === value ? [] : [setAttribute(element, name, value, old)];
  }
  if (value !== undefined) return element.text === value ? [] : [setText(source, element, value)];
  if (args.set_children) {
    const wanted = args.set_children.map(child => inPlace(childOf(child), element, args));
    return areAlike(element.children, wanted) ? [] : [setChildren(source, element, wanted)];
  }
  const missing = (args.add_children ?? [])
    .map(child => inPlace(childOf(child), element, args))
    .filter(child => !element.children.some(one => isAlike(one, child)));
  return missing.length === 0 ? [] : [addChildren(source, element, missing)];
}

/**
 * Makes what a path asks for: the elements from the last that is there on, with what its predicates
 * say.
 */
function make(text: string, document: XmlElement, path: Path, args: Args): ReturnType<typeof editXml> {
  const { steps } = path;
  let known = steps.length - 1;
  while (known > 0 && select(document, { steps: steps.slice(0, known) }, args.namespaces).length === 0) known -= 1;
  const places = select(document, { steps: steps.slice(0, known) }, args.namespaces);
  if (known === 0) return { problem: 'xpath matches nothing, and not even the first element that it names is there' };
  if (places.length > 1)
    return { problem: `xpath matches nothing, and would have to be made in ${places.length} places` };
  const { element } = certain(places[0], 'the place of a new element');
  const last = certain(steps.at(-1), 'the last step of a path');
  const missing = steps.slice(known, last.axis === 'child' ? undefined : -1);
  if (missing.length === 0) return makeInElement(text, element, last, args);
  const made = missing.map(elementFor);
  if (made.includes(undefined)) {
    return { problem: 'xpath matches nothing, and does not say plainly enough what would have to be made' };
  }
  const chain = made as NewElement[];
  const child = chain.reduceRight<NewElement | undefined>((below, one, at) => {
    const full = at === chain.length - 1 ? withWanted(one, last, args) : one;
    return below ? { ...full, children: [...full.children, below] } : full;
  }, undefined);
  const added = inPlace(certain(child, 'the new element'), element, args);
  return { text: applySplices(text, [addChildren(text, element, [added])]) };
}

/** The last element that is made, with what the arguments give it. */
function withWanted(one: NewElement, last: Step, args: Args): NewElement {
  const value = args.value === undefined ? undefined : String(args.value);
  const name = last.axis === 'attribute' ? last.name : args.attribute;
  if (name !== undefined) return { ...one, attributes: { ...one.attributes, [name]: value ?? '' } };
  if (value !== undefined) return { ...one, text: value };
  const added = (args.set_children ?? args.add_children ?? []).map(childOf);
  return { ...one, children: [...one.children, ...added] };
}

/** The element is there, and only its attribute or text is missing. */
function makeInElement(text: string, element: XmlElement, last: Step, args: Args): ReturnType<typeof editXml> {
  if (args.value === undefined || (last.axis !== 'attribute' && last.axis !== 'text')) {
    return { problem: 'xpath leads to an attribute or a text that is not there: give its value' };
  }
  const value = String(args.value);
  if (last.axis === 'text') return { text: applySplices(text, [setText(text, element, value)]) };
  return { text: applySplices(text, [setAttribute(element, last.name, value)]) };
}

/**
 * The element with the prefixes that its namespaces have at that place; one that has none there is
 * declared.
 */
function inPlace(one: NewElement, place: XmlElement, args: Args): NewElement {
  const children = one.children.map(child => inPlace(child, place, args));
  const [, prefix, local = ''] = /^([^:]+):(.+)$/.exec(one.name) ?? [];
  const uri = prefix === undefined ? undefined : args.namespaces[prefix];
  if (uri === undefined) return { ...one, children };
  const known = Object.entries(place.namespaces).find(([, each]) => each === uri)?.[0];
  if (known === undefined) return { ...one, children, attributes: { [`xmlns:${prefix}`]: uri, ...one.attributes } };
  return { ...one, children, name: known === '' ? local : `${known}:${local}` };
}

function forElements(args: Args): boolean {
  return args.add_children !== undefined || args.set_children !== undefined || args.attribute !== undefined;
}
