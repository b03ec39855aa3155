import { type Node, parseSync, visitorKeys } from 'oxc-parser';

export type { Node };

/** What is wrong with a text as TypeScript, or undefined. */
export function syntaxProblem(text: string): string | undefined {
  return parseSync('file.ts', text).errors[0]?.message;
}

/** The syntax tree of a source text. @throws Error where the text is not TypeScript. */
export function parseSource(file: string, text: string): Node {
  const { errors, program } = parseSync(file, text);
  if (errors[0]) throw new Error(`${file}: ${errors[0].message}`);
  return program;
}

/** The nodes directly below a node, in order. */
export function childrenOf(node: Node): Node[] {
  const fields = node as unknown as Record<string, unknown>;
  return (visitorKeys[node.type] ?? []).flatMap(key => [fields[key]].flat().filter(isNode));
}

/** A node and all below it. */
export function* nodesBelow(node: Node): Generator<Node> {
  yield node;
  for (const child of childrenOf(node)) yield* nodesBelow(child);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

/** The number of the line of an offset, from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
