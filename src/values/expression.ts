import { matchInTime } from '../in-time.ts';
import { fromCel, toCel } from './cel-values.ts';
import { UnknownValue, ValueError } from './errors.ts';
import { namesOf } from './expression-names.ts';
import { translate } from './expression-problems.ts';
import { bracesIn, withoutBraces } from './expression-text.ts';
import { lettersProblem } from './fact-letters.ts';
import type { FieldPath } from './field-path.ts';
import { parseExpression } from './parse-expression.ts';

/** A compiled CEL expression: what it names, the type it surely has, and its value. */
export interface CompiledExpression {
  readonly references: ReadonlyMap<string, number>;
  /** The parts of variables that it uses, in the order of the text. */
  readonly paths: readonly FieldPath[];
  /** Variables that need not exist. */
  readonly mayBeMissing: ReadonlySet<string>;
  /** The type that the checker found: `bool`, `int`, `dyn`, … */
  readonly type: string;
  /**
   * @param convert makes a value one of CEL: for who evaluates much with the same variables.
   * @throws ValueError
   */
  readonly evaluate: (variables: Variables, convert?: (value: unknown) => unknown) => unknown;
}

type Variables = Readonly<Record<string, unknown>>;

const cache = new Map<string, CompiledExpression>();

/**
 * What a pattern of an expression is tried on is not known beforehand: the longest text that a host
 * may print is assumed.
 */
const longText = 'x'.repeat(1_000_000);

/**
 * Compiles a CEL expression, once for each text.
 * @throws ValueError with the offset of what is wrong, and the CEL form of an Ansible-ism.
 */
export function compileExpression(text: string): CompiledExpression {
  const known = cache.get(text);
  if (known) return known;
  const braces = bracesIn(text);
  if (braces >= 0) {
    throw new ValueError('an expression names its variables without {{ }}', {
      hint: `Write: ${withoutBraces(text)}`,
      offset: braces,
    });
  }
  const { parsed, names } = attempt(text, () => parseExpression(text));
  const checked = parsed.check();
  if (!checked.valid) throw translate(text, checked.error);
  const letters = lettersProblem(parsed.ast);
  if (letters) throw letters;
  const found = namesOf(parsed.ast);
  const nameOf = (name: string) => names.get(name) ?? name;
  const isVariable = (name: string) => nameOf(name) !== 'null';
  const patterns = [...text.matchAll(/\.matches\(\s*(?:r?("|')([\s\S]*?)\1\s*\))?/g)].map(
    ([, , literal]) => literal ?? '(.+)+',
  );
  const compiled: CompiledExpression = Object.freeze({
    references: new Map(
      [...found.references].filter(([name]) => isVariable(name)).map(([name, at]) => [nameOf(name), at]),
    ),
    paths: found.paths.filter(({ name }) => isVariable(name)).map(path => ({ ...path, name: nameOf(path.name) })),
    mayBeMissing: new Set([...found.mayBeMissing].map(nameOf)),
    type: String(checked.type),
    evaluate: (variables: Variables, convert = toCel) =>
      attempt(text, () =>
        matchInTime(patterns, [longText], () => {
          const given = [...found.references.keys()].flatMap(name => variableOf(name, nameOf(name), variables));
          return fromCel(parsed(Object.fromEntries(given.map(([name, value]) => [name, convert(value)]))));
        }),
      ),
  });
  cache.set(text, compiled);
  return compiled;
}

/**
 * The value of a variable by the name that it has in CEL's text; none where that is not a variable.
 */
function variableOf(name: string, own: string, variables: Variables): readonly (readonly [string, unknown])[] {
  if (own === 'null') return [[name, null]];
  return Object.hasOwn(variables, own) ? [[name, variables[own]]] : [];
}

function attempt<T>(text: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    // What a lazy map could not give is told already.
    if (error instanceof ValueError || error instanceof UnknownValue) throw error;
    throw translate(text, error);
  }
}
