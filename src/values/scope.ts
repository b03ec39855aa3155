import { expressionText, inside, type Part } from '../language/source.ts';
import { suggest } from '../language/suggest.ts';
import { commandLineTexts, type TextPath, textsOfVariable } from './command-line-texts.ts';
import { doAll, UndefinedName, UnknownValue, ValueError } from './errors.ts';
import { evaluateEach } from './evaluate-each.ts';
import { compileExpression } from './expression.ts';
import { aboutPath, type Evaluated, isAnsibleFact } from './foreign-reference.ts';
import { foreignNameHint } from './jinja/foreign-names.ts';
import { isLazy } from './lazy.ts';
import { compileTemplate, isTemplate, type Template } from './template.ts';

/** Variables of one origin. Later layers of a scope win over earlier ones. */
export interface Layer {
  /** For people: `role defaults of lvm-pool`, `--extra-vars`. */
  readonly origin: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** Where the values are in a file, so that an error in one of them is shown there. */
  readonly part?: Part | undefined;
  /**
   * True for what came from a host, a fact or a command line: it is data and is never evaluated.
   */
  readonly literal?: boolean;
  /**
   * Applied to a variable of this layer's name after it is evaluated: role parameters get their
   * schema's nested defaults, and the types that it wants for the texts of the command line.
   */
  readonly finish?: (name: string, value: unknown, texts: readonly TextPath[]) => unknown;
  /**
   * Names whose values are plain text of a command line, to be converted by the schema they land
   * in.
   */
  readonly texts?: ReadonlySet<string>;
}

/** Marks a value that cannot be known; see {@link UnknownValue}. */
export interface Unknown {
  readonly [unknownMark]: string;
}

const unknownMark = Symbol('unknown');

/** A value that cannot be known, and why. */
export function unknown(reason: string): Unknown {
  return Object.freeze({ [unknownMark]: reason });
}

/** Why a value cannot be known: it is unknown itself, or a part of it is. */
function reasonOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (unknownMark in value) return (value as Unknown)[unknownMark];
  if (isLazy(value)) return undefined;
  for (const part of Object.values(value)) {
    const reason = reasonOf(part);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** Variables as one task sees them on one host, evaluated when they are asked for, once. */
export interface Scope {
  readonly names: () => ReadonlySet<string>;
  /** @throws UndefinedName, UnknownValue, ValueError */
  readonly resolve: (name: string) => unknown;
  /**
   * Evaluates templates and expressions at any depth. `part` says where the value stands, for
   * errors.
   * @throws as resolve
   */
  readonly evaluate: (value: unknown, part?: Part) => unknown;
  /** Paths to the parts of a value, not evaluated yet, that are text of a command line. */
  readonly texts: (value: unknown) => readonly TextPath[];
  /** The text of a template file. @throws as resolve */
  readonly render: (text: string, escaping: 'none' | 'xml') => string;
  /** A condition: strictly true or false. @throws as resolve */
  readonly test: (expression: string) => boolean;
  /** The layer that gives a name its value. */
  readonly origin: (name: string) => Layer | undefined;
  /** The same scope with stronger layers on top. */
  readonly with: (...layers: readonly Layer[]) => Scope;
}

/** A condition that is a word of YAML 1.1: `changed_when: no`. */
function wordHint(name: string): string | undefined {
  const value = /^(?:(yes|on)|no|off)$/i.exec(name);
  return value ? `In YAML 1.2 this is a text; write ${value[1] !== undefined}.` : undefined;
}

/**
 * Makes a scope from layers, the weakest first.
 * @param hintFor what is known of a name that no layer has
 */
export function createScope(
  layers: readonly Layer[],
  hintFor: (name: string) => string | undefined = () => undefined,
): Scope {
  const known = new Map<string, unknown>();
  const underway: string[] = [];
  const anyTexts = layers.some(({ texts }) => texts !== undefined && texts.size > 0);

  function origin(name: string): Layer | undefined {
    return layers.findLast(layer => Object.hasOwn(layer.values, name));
  }
  function names(): ReadonlySet<string> {
    return new Set(layers.flatMap(layer => Object.keys(layer.values)));
  }
  function resolve(name: string): unknown {
    if (known.has(name)) return known.get(name);
    const layer = origin(name);
    if (!layer)
      throw new UndefinedName(name, {
        hint: hintFor(name) ?? wordHint(name) ?? foreignNameHint(name) ?? suggest(name, names()),
      });
    if (underway.includes(name)) {
      throw new ValueError(
        `variables name each other: ${[...underway.slice(underway.indexOf(name)), name].join(' -> ')}`,
      );
    }
    underway.push(name);
    try {
      const raw = layer.values[name];
      const reason = reasonOf(raw);
      if (reason !== undefined) throw new UnknownValue(name, reason);
      const own = layer.literal ? raw : evaluateVariable(name, layer);
      const texts = anyTexts ? textsOfVariable(name, origin) : [];
      const value = layers.reduce((inner, { finish }) => (finish ? finish(name, inner, texts) : inner), own);
      known.set(name, value);
      return value;
    } finally {
      underway.pop();
    }
  }
  function evaluateVariable(name: string, { values, part, origin: from }: Layer): unknown {
    try {
      return evaluate(values[name], part && inside(part, name));
    } catch (error) {
      if (error instanceof ValueError) error.nameVariable(name, from);
      throw error;
    }
  }
  function pick(evaluated: Evaluated): Record<string, unknown> {
    const { references, mayBeMissing } = evaluated;
    // A fact of Ansible is never there: what asks for it would always take what it falls back to.
    const needed = [...references].filter(([name]) => !mayBeMissing.has(name) || origin(name) || isAnsibleFact(name));
    const values = doAll(
      needed.map(
        ([name, offset]) =>
          () =>
            [name, valueAt(name, offset, evaluated)] as const,
      ),
    );
    return Object.fromEntries(values);
  }
  function valueAt(name: string, offset: number, evaluated: Evaluated): unknown {
    try {
      return resolveAt(name, offset);
    } catch (error) {
      throw error instanceof ValueError ? aboutPath(error, evaluated) : error;
    }
  }
  function resolveAt(name: string, offset: number): unknown {
    try {
      return resolve(name);
    } catch (error) {
      // The name itself is missing, not one that its value names.
      if (error instanceof UndefinedName && error.variable === name && error.offset === undefined) {
        throw new UndefinedName(name, { hint: error.hint, offset });
      }
      throw error;
    }
  }
  function evaluate(value: unknown, part?: Part): unknown {
    return evaluateEach(value, evaluateScalar, part);
  }
  function evaluateScalar(value: unknown): unknown {
    const text = expressionText(value);
    if (text !== undefined) return run(text);
    if (typeof value !== 'string' || !isTemplate(value)) return value;
    return rendered(compileTemplate(value));
  }
  function rendered(template: Template): unknown {
    const whole = () => template.evaluate(pick(template), name => origin(name) !== undefined);
    try {
      return whole();
    } catch (error) {
      // What is wrong with one part of a text does not hide what is wrong with another, nor does
      // what is not known.
      const parts = template.statements().map(statement => () => rendered(statement));
      doAll(
        error instanceof ValueError
          ? [
              () => {
                throw error;
              },
              ...parts,
            ]
          : parts,
      );
      throw error;
    }
  }
  function run(text: string): unknown {
    const compiled = compileExpression(text);
    return compiled.evaluate(pick({ ...compiled, expression: text }));
  }
  function test(text: string): boolean {
    const value = run(text);
    if (typeof value === 'boolean') return value;
    throw new ValueError(`a condition must be true or false; this one is ${JSON.stringify(value)}`, {
      hint: /^(yes|no|on|off)$/i.test(String(value))
        ? `In YAML 1.2 ${JSON.stringify(value)} is a text: write true or false where it is set.`
        : `Write truthy(${text.trim()}), or compare it with something: … == "…", … != null.`,
    });
  }
  return {
    names,
    resolve,
    evaluate,
    texts: value => (anyTexts ? commandLineTexts(value, origin) : []),
    render: (text, escaping) => String(rendered(compileTemplate(text, escaping))),
    test,
    origin,
    with: (...more) => createScope([...layers, ...more], hintFor),
  };
}
