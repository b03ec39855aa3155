import type { Condition, Step } from './path.ts';
import { encode } from './tree.ts';

/** An element to be made. */
export interface NewElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly NewElement[];
}

const nameOnly = /^[\p{L}_][\p{L}\d_.-]*(:[\p{L}_][\p{L}\d_.-]*)?$/u;

/**
 * A child as playbooks write it: `name`, `{name: text}`, or `{name: {attribute: value, _:
 * [children]}}`.
 * @throws Error in words for people
 */
export function childOf(given: unknown): NewElement {
  if (typeof given === 'string') return { name: named(given), attributes: {}, text: '', children: [] };
  const [entry, ...more] = Object.entries((given ?? {}) as Readonly<Record<string, unknown>>);
  if (!entry || more.length > 0) throw new Error('holds a child that is not one name with what belongs to it');
  const [name, content] = [named(entry[0]), entry[1]];
  if (typeof content !== 'object' || content === null) {
    return { name, attributes: {}, text: content === null ? '' : String(content), children: [] };
  }
  const { _: below = [], ...attributes } = content as Readonly<Record<string, unknown>>;
  if (!Array.isArray(below)) throw new Error(`has a _ in ${name} that is not a list of children`);
  return {
    name,
    attributes: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [named(key), String(value)])),
    text: '',
    children: below.map(childOf),
  };
}

/**
 * The element that a step of a path asks for; undefined where it does not say enough to make one.
 */
export function elementFor({ deep, axis, name, predicates }: Step): NewElement | undefined {
  if (deep || axis !== 'child' || name.includes('*')) return undefined;
  const all = predicates.flatMap(condition => (condition.kind === 'and' ? condition.all : [condition]));
  const attributes: Record<string, string> = {};
  const children: NewElement[] = [];
  let text = '';
  for (const condition of all) {
    const step = onlyStep(condition);
    if (!step || condition.kind !== 'is') return undefined;
    if (step.axis === 'attribute') attributes[step.name] = condition.text;
    else if (step.axis === 'child')
      children.push({ name: step.name, attributes: {}, text: condition.text, children: [] });
    else text = condition.text;
  }
  return { name, attributes, text, children };
}

/**
 * The element as text.
 * @param indent what its own line starts with, with the newline before; '' for all on one line
 * @param unit what each level adds to that
 */
export function formatElement({ name, attributes, text, children }: NewElement, indent: string, unit: string): string {
  const inTag = Object.entries(attributes).map(([key, value]) => ` ${key}="${encode(value, '"')}"`);
  const start = `<${name}${inTag.join('')}`;
  if (children.length === 0) return text === '' ? `${start}/>` : `${start}>${encode(text)}</${name}>`;
  const deeper = indent === '' ? '' : indent + unit;
  const inner = children.map(child => deeper + formatElement(child, deeper, unit)).join('');
  return `${start}>${encode(text)}${inner}${indent}</${name}>`;
}

function onlyStep(condition: Condition): Step | undefined {
  if (condition.kind !== 'is' || condition.path.steps.length > 1) return undefined;
  const [step] = condition.path.steps;
  if (!step) return undefined;
  const { axis, deep, name, predicates } = step;
  const plain = predicates.length === 0 && !deep && !name.includes('*');
  return axis === 'self' || axis === 'text' || (plain && axis !== 'parent') ? step : undefined;
}

function named(name: string): string {
  if (!nameOnly.test(name)) throw new Error(`has ${JSON.stringify(name)} where a name is needed`);
  return name;
}
