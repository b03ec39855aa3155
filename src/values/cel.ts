import type { Environment } from '@marcbachmann/cel-js';
import { messageOf } from '../errors.ts';
import { onDemand } from '../on-demand.ts';
import type { CelNode } from './cel-node.ts';
import { fromCel, toCel } from './cel-values.ts';
import { ValueError } from './errors.ts';
import { callFunction, type ValueFunction } from './functions/function.ts';
import { functions } from './functions/index.ts';

let environment: Environment | undefined;

/**
 * CEL with the functions of {@link functions}: made for the first expression, for many runs have
 * none.
 */
export function cel(): Environment {
  environment ??= createEnvironment();
  return environment;
}

function createEnvironment(): Environment {
  const { Environment } = onDemand('@marcbachmann/cel-js') as typeof import('@marcbachmann/cel-js');
  const made = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false });
  for (const operator of ['+', '-', '*', '/'] as const) {
    const compute = { '+': sum, '-': difference, '*': product, '/': quotient }[operator];
    made.registerOperator(`int ${operator} double`, (a: bigint, b: number) => compute(Number(a), b));
    made.registerOperator(`double ${operator} int`, (a: number, b: bigint) => compute(a, Number(b)));
  }
  for (const one of functions) {
    const least = one.params.filter(({ optional }) => !optional).length;
    for (let count = least; count <= one.params.length; count += 1) {
      const types = one.params.slice(0, count).map(({ type }) => type);
      const asts = types.map(() => 'ast');
      if (one.asks) made.registerFunction(`${one.name}(${asts.join(', ')}): ${one.returns}`, presenceMacro(one));
      else
        made.registerFunction(`${one.name}(${types.join(', ')}): ${one.returns}`, (...values: unknown[]) =>
          callWith(one, values),
        );
    }
  }
  return made;
}

/** Calls a function with CEL's values. */
function callWith(one: ValueFunction, values: readonly unknown[]): unknown {
  try {
    return toCel(callFunction(one, values.map(fromCel)));
  } catch (error) {
    throw new ValueError(`function "${one.name}": ${messageOf(error)}`, { cause: error });
  }
}

/** What the CEL library gives a macro to work with. */
interface Macro {
  readonly args: readonly CelNode[];
}

interface Checker {
  readonly check: (node: CelNode, context: unknown) => unknown;
  readonly getType: (name: string) => unknown;
}

interface Evaluator {
  readonly run: (node: CelNode, context: unknown) => unknown;
}

/** A function whose first argument may lead nowhere: a macro, which evaluates that itself. */
function presenceMacro(one: ValueFunction) {
  return ({ args }: Macro) => ({
    async: false,
    typeCheck: (checker: Checker, _: unknown, context: unknown) => {
      for (const arg of args) checker.check(arg, context);
      return checker.getType(one.returns);
    },
    evaluate: (evaluator: Evaluator, _: unknown, context: unknown) => {
      const [first, ...more] = args as readonly [CelNode, ...CelNode[]];
      const given = ifPresent(first, () => evaluator.run(first, context));
      return callWith(one, [given, ...more.map(arg => evaluator.run(arg, context))]);
    },
  });
}

/** The value of a path, or undefined where a step of it leads nowhere. */
function ifPresent(path: CelNode, run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    const { code = '', node } = error as { code?: string; node?: CelNode };
    const missing = ['unknown_variable', 'no_such_key', 'index_out_of_bounds'].includes(code);
    if (missing && node !== undefined && stepsOf(path).includes(node)) return undefined;
    throw error;
  }
}

/** A path and those that it begins with: of `a.b[c]` itself, `a.b` and `a`. */
function stepsOf(path: CelNode): readonly CelNode[] {
  if (path.op === 'id') return [path];
  if (path.op !== '.' && path.op !== '[]') return [];
  return [path, ...stepsOf((path.args as readonly [CelNode])[0])];
}

function sum(a: number, b: number): number {
  return a + b;
}
function difference(a: number, b: number): number {
  return a - b;
}
function product(a: number, b: number): number {
  return a * b;
}
function quotient(a: number, b: number): number {
  return a / b;
}
