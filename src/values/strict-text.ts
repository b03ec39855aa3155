import { certain, messageOf } from '../errors.ts';
import { onDemand } from '../on-demand.ts';
import { UndefinedName, UnknownValue, ValueError } from './errors.ts';
import { templateHelpers } from './functions/helpers.ts';
import { describe, guardProgram, itemBlocks } from './guard-template.ts';
import { foreignNameHint } from './jinja/foreign-names.ts';
import { celHelper, evaluateCel, loopValues } from './template-cel.ts';
import { escapeXml } from './xml-text.ts';

type Node = hbs.AST.Node & Record<string, unknown>;
type Data = Readonly<Record<string, unknown>>;

/** Handlebars, which a run without a template does not need. */
export const handlebars = () => onDemand('handlebars') as typeof import('handlebars');

/** The error of a path that leads nowhere; one that a block or helper is given is an argument. */
export function undefinedPath(
  path: { readonly original: string },
  offset: number,
  place: 'text' | 'argument' = 'text',
): UndefinedName {
  const { original } = path;
  const form = place === 'text' ? `{{ default ${original} "…" }}` : `(default ${original} false)`;
  return new UndefinedName(original, { offset, hint: `If it may be missing: ${form}.` });
}

/**
 * Renders text with variables; `isVariable` also knows those that the text does not name at its
 * root.
 */
type Render = (data: Data, isVariable: (name: string) => boolean) => string;

/** A value in a template, for errors about it. */
interface Noted {
  readonly path: string;
  readonly offset: number;
  /** How many blocks around it have an item of their own. */
  readonly depth: number;
}

/** Renders text: every value passes through a check that names the path it came from. */
export function renderer(program: hbs.AST.Program, escaping: 'none' | 'xml', offsetOf: (node: Node) => number): Render {
  const engine = handlebars().create();
  const offsets: Noted[] = [];
  const notedAt = (at: number) => certain(offsets[at], 'the place of an expression');
  for (const [name, helper] of Object.entries(templateHelpers)) {
    engine.registerHelper(name, (...values: unknown[]) => helper.call(...values.slice(0, -1)));
  }
  engine.registerHelper(celHelper, function (this: unknown, text: string, { data, hash }: Handlebars.HelperOptions) {
    const { root } = data as { root: Data };
    return evaluateCel(text, { root, loop: { ...loopValues(this, data), ...hash } });
  } as Handlebars.HelperDelegate);
  engine.registerHelper('__given', (value: unknown, at: number) => {
    const { path, offset } = notedAt(at);
    if (value === undefined) throw undefinedPath({ original: path }, offset, 'argument');
    return value;
  });
  engine.registerHelper('__asked', (value: unknown, field: unknown, at: number, options: Handlebars.HelperOptions) => {
    const { [isVariableKey]: isVariable } = options.data as { [isVariableKey]: (name: string) => boolean };
    const { path, offset, depth } = notedAt(at);
    const own = path.replace(/^(?:\.\.\/)+/, '');
    const [name = ''] = own.split(/[./]/);
    if (field === undefined && isVariable(name)) throw variableFromOutside(path, offset, '../'.repeat(depth) + own);
    return value;
  });
  engine.registerHelper('__text', (value: unknown, at: number) => toText(value, notedAt(at), escaping));
  // {{{ }}} puts text in as it is: for a piece of XML.
  engine.registerHelper('__raw', (value: unknown, at: number) => toText(value, notedAt(at), 'none'));
  const loops = hasLoop(program);
  const named = new Set(itemNames(program));
  guardProgram(program, (node, depth) => {
    return offsets.push({ path: describe(node), offset: offsetOf(node), depth }) - 1;
  });
  const render = engine.compile(program, { noEscape: true, data: true });
  return (data, isVariable) => {
    try {
      return render(data, { data: { [isVariableKey]: isVariable } });
    } catch (error) {
      if (error instanceof UndefinedName && loops && !named.has(rootOf(error.variable))) throw fromOutside(error);
      if (error instanceof ValueError || error instanceof UnknownValue) throw error;
      throw new ValueError(messageOf(error), { cause: error });
    }
  };
}

/** Where the helpers find what tells of a name whether it is a variable. */
const isVariableKey = '__isVariable';

/**
 * The error of a name that may be missing, where the item of the loop does not have it but a
 * variable is called so: the fallback would silently take the place of that variable.
 */
function variableFromOutside(path: string, offset: number, outside: string): ValueError {
  const own = path.startsWith('../') ? '' : ` Write this.${path} for a field that the item may lack.`;
  const hint = `Write ${outside} for the variable.${own}`;
  return new ValueError(`"${path}" is not in the item of this loop, but a variable from outside is`, { hint, offset });
}

/** Whether bare names mean fields of an item anywhere in a template. */
function hasLoop({ body }: hbs.AST.Program): boolean {
  return (body as Node[]).some(node => {
    const { path, program, inverse } = node as Partial<hbs.AST.BlockStatement>;
    if (node.type !== 'BlockStatement') return false;
    const { original } = path as hbs.AST.PathExpression;
    return itemBlocks.has(original) || [program, inverse].some(inner => inner && hasLoop(inner));
  });
}

/** The names that blocks give their items: `{{#each list as |item|}}`. */
function itemNames({ body }: hbs.AST.Program): readonly string[] {
  return (body as Node[]).flatMap(node => {
    const { program, inverse } = node as Partial<hbs.AST.BlockStatement>;
    if (node.type !== 'BlockStatement') return [];
    return [program, inverse].flatMap(inner => (inner ? [...(inner.blockParams ?? []), ...itemNames(inner)] : []));
  });
}

/** A name that the item of a loop has not may be one from outside. */
function fromOutside({ variable, hint, offset }: UndefinedName): UndefinedName {
  const foreign = foreignNameHint(variable);
  if (foreign !== undefined) return new UndefinedName(variable, { hint: foreign, offset });
  const outside = `In a loop, a variable from outside is ../${variable}.`;
  return new UndefinedName(variable, { hint: `${outside} ${hint ?? ''}`.trim(), offset });
}

/** A value as text has it. @throws UndefinedName, ValueError for what is not text */
export function toText(
  value: unknown,
  { path, offset }: { path: string; offset: number },
  escaping: 'none' | 'xml',
): string {
  if (value === undefined) throw undefinedPath({ original: path }, offset);
  const kind = otherThanText(value);
  if (kind !== undefined) {
    const hint = kind === 'null' ? `Give it a value, or {{ default ${path} "…" }}.` : `As JSON: {{ json ${path} }}.`;
    throw new ValueError(`"${path}" is ${kind}, which is not text`, { offset, hint });
  }
  return escaping === 'xml' ? escapeXml(String(value)) : String(value);
}

/** What a value is that has no text of its own; undefined where it has one. */
export function otherThanText(value: unknown): 'null' | 'a list' | 'a map' | undefined {
  if (value === null) return 'null';
  if (typeof value !== 'object' && typeof value !== 'function') return undefined;
  return Array.isArray(value) ? 'a list' : 'a map';
}

function rootOf(path: string): string {
  return /^[^.]*/.exec(path)?.[0] ?? path;
}
