import { type CelNode, isCelNode } from './cel-node.ts';
import { ValueError } from './errors.ts';
import { valueHere } from './jinja/facts.ts';

/**
 * The error of a fact that is compared with a text in the letters that Ansible has for it: it would
 * silently never be that.
 * @param offset characters before the comparison
 */
export function wrongLetters(path: string, texts: readonly string[], offset: number): ValueError | undefined {
  const wrong = texts.map(text => ({ text, here: valueHere(path, text) })).filter(({ here }) => here !== undefined);
  const [first] = wrong;
  if (!first) return undefined;
  const hint = `Write ${wrong.map(({ here }) => `"${here}"`).join(', ')}.`;
  return new ValueError(`${path} is in small letters, and never "${first.text}"`, { hint, offset });
}

/** The first comparison in a parsed expression whose letters are wrong. */
export function lettersProblem(ast: unknown): ValueError | undefined {
  if (Array.isArray(ast)) return firstProblem(ast);
  if (!isCelNode(ast)) return undefined;
  if (comparisons.has(ast.op)) {
    const sides = ast.args as readonly CelNode[];
    const texts = sides.flatMap(textsOf);
    const paths = sides.map(pathOf).filter(path => path !== undefined);
    const wrong = paths.map(path => wrongLetters(path, texts, ast.start)).find(error => error !== undefined);
    if (wrong) return wrong;
  }
  return lettersProblem(ast.args);
}

const comparisons: ReadonlySet<string> = new Set(['==', '!=', 'in']);

function firstProblem(parts: readonly unknown[]): ValueError | undefined {
  for (const part of parts) {
    const found = lettersProblem(part);
    if (found) return found;
  }
  return undefined;
}

/** The texts of a literal, or of a list of them. */
function textsOf({ op, args }: CelNode): readonly string[] {
  if (op === 'list') return (args as readonly CelNode[]).flatMap(textsOf);
  return op === 'value' && typeof args === 'string' ? [args] : [];
}

/** A path with dots, also where it is written with keys in brackets. */
function pathOf({ op, args }: CelNode): string | undefined {
  if (op === 'id') return String(args);
  if (op !== '.' && op !== '[]') return undefined;
  const [of, key] = args as readonly [CelNode, unknown];
  const path = pathOf(of);
  const step = isCelNode(key) ? textsOf(key)[0] : key;
  return path !== undefined && typeof step === 'string' ? `${path}.${step}` : undefined;
}
