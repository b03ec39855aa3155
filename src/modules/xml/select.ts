import type { Condition, Path, Step } from './path.ts';
import { descendants, expand, type XmlAttribute, type XmlElement } from './tree.ts';

/** What a path leads to: an element, one of its attributes, or the text in it. */
export interface XmlNode {
  readonly element: XmlElement;
  readonly attribute?: XmlAttribute;
  readonly text?: true;
}

export type Prefixes = Readonly<Record<string, string>>;

/** The nodes that a path leads to, in the order of the document, each once. */
export function select(from: XmlElement, { steps }: Path, prefixes: Prefixes): readonly XmlNode[] {
  let nodes: readonly XmlNode[] = [{ element: from }];
  for (const step of steps) {
    const starts = nodes.filter(({ attribute, text }) => !attribute && !text).map(({ element }) => element);
    const contexts = step.deep ? starts.flatMap(element => [element, ...descendants(element)]) : starts;
    nodes = unique([...new Set(contexts)].flatMap(element => follow(element, step, prefixes)));
  }
  return nodes;
}

/** The text of a node. */
export function textAt({ element, attribute, text }: XmlNode): string {
  return attribute ? attribute.value : text ? element.text : element.value;
}

/**
 * Whether an element or attribute has the name of a step; without a prefix it is in no namespace.
 */
export function isNamed(found: string, namespaces: Prefixes, wanted: string, prefixes: Prefixes): boolean {
  if (wanted === '*') return true;
  const [is, wants] = [expand(found, namespaces), expand(wanted, prefixes)];
  return is.uri === wants.uri && (wants.local === '*' || is.local === wants.local);
}

function follow(element: XmlElement, step: Step, prefixes: Prefixes): readonly XmlNode[] {
  if (step.axis === 'self') return [{ element }];
  if (step.axis === 'parent') return element.parent ? [{ element: element.parent }] : [];
  if (step.axis === 'text') return element.text === '' ? [] : [{ element, text: true }];
  if (step.axis === 'attribute')
    return attributesOf(element, step.name, prefixes).map(attribute => ({ element, attribute }));
  let found = element.children.filter(({ name, namespaces }) => isNamed(name, namespaces, step.name, prefixes));
  for (const condition of step.predicates) {
    found = found.filter((each, at) => holds(condition, each, at + 1, found.length, prefixes));
  }
  return found.map(each => ({ element: each }));
}

/**
 * The attributes of that name; an attribute without a prefix is in no namespace, whatever the
 * default is.
 */
export function attributesOf(element: XmlElement, name: string, prefixes: Prefixes): readonly XmlAttribute[] {
  const namespaces = { ...element.namespaces, '': '' };
  return element.attributes.filter(
    attribute =>
      !/^xmlns(:|$)/.test(attribute.name) && isNamed(attribute.name, namespaces, name, { ...prefixes, '': '' }),
  );
}

function holds(condition: Condition, element: XmlElement, at: number, size: number, prefixes: Prefixes): boolean {
  const test = (one: Condition) => holds(one, element, at, size, prefixes);
  if (condition.kind === 'and') return condition.all.every(test);
  if (condition.kind === 'or') return condition.all.some(test);
  if (condition.kind === 'not') return !test(condition.inner);
  if (condition.kind === 'position') return at === (condition.at === 'last' ? size : condition.at);
  const found = select(element, condition.path, prefixes);
  if (condition.kind === 'exists') return found.length > 0;
  const { kind, text } = condition;
  return found.map(textAt).some(value => {
    if (kind === 'is') return value === text;
    if (kind === 'differs') return value !== text;
    return kind === 'contains' ? value.includes(text) : value.startsWith(text);
  });
}

function unique(nodes: readonly XmlNode[]): readonly XmlNode[] {
  const key = ({ element, attribute, text }: XmlNode) => `${element.start} ${attribute?.name ?? ''} ${text ?? ''}`;
  const all = new Map(nodes.map(node => [key(node), node]));
  return [...all.values()].sort((one, other) => one.element.start - other.element.start);
}
