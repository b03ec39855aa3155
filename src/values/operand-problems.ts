import { type CelNode, isCelNode } from './cel-node.ts';
import { ValueError } from './errors.ts';
import { parseExpression } from './parse-expression.ts';

const logical: ReadonlySet<string> = new Set(['&&', '||']);

/**
 * The error of an operand of `&&` or `||` that is not true or false, at that operand: the CEL
 * library points to the whole.
 * @param message of the CEL library
 * @param from characters before the part of the text that the library points to
 */
export function operandProblem(text: string, message: string, from: number): ValueError | undefined {
  const got = /^Logical operator requires bool operands, got '(\w+)'/.exec(message)?.[1];
  if (got === undefined) return undefined;
  const operands = operandsIn(parseExpression(text).parsed.ast).filter(({ start }) => start >= from);
  const written = operands.map(node => ({ node, text: textOf(text, node) }));
  const typed = written.map(operand => ({ ...operand, type: typeOf(operand.text) }));
  const open = typed.filter(({ type }) => type === 'dyn');
  const wrong = typed.find(({ type }) => type === got) ?? (open.length === 1 ? open[0] : undefined);
  if (!wrong) {
    const is = names[got] ?? got;
    return new ValueError(`what is on both sides of && and || must be true or false, and one of them is a ${is}`, {
      hint: 'Write truthy(…) around it, or compare it with something.',
      offset: from,
    });
  }
  const hint = `Write truthy(${wrong.text}), or compare it with something: … == "…", … != null.`;
  return new ValueError(`"${wrong.text}" must be true or false here, and is a ${names[got] ?? got}`, {
    hint,
    offset: wrong.node.start,
  });
}

const names: Readonly<Record<string, string>> = { string: 'text', int: 'whole number', double: 'number' };

/** The innermost operands of all `&&` and `||`, in the order of the text. */
function operandsIn(value: unknown): readonly CelNode[] {
  if (Array.isArray(value)) return value.flatMap(operandsIn);
  if (!isCelNode(value)) return [];
  const inner = operandsIn(value.args);
  if (!logical.has(value.op)) return inner;
  const own = (value.args as readonly CelNode[]).filter(({ op }) => !logical.has(op));
  return [...own, ...inner].toSorted((a, b) => a.start - b.start);
}

function textOf(text: string, node: CelNode): string {
  const { start, end } = (node as CelNode & { readonly range: { readonly start: number; readonly end: number } }).range;
  return text.slice(start, end);
}

function typeOf(text: string): string {
  try {
    return String(parseExpression(text).parsed.check().type ?? '');
  } catch {
    // A part that does not stand alone has no type that could be told.
    return '';
  }
}
