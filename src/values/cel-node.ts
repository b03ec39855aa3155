/** A part of an expression, as the CEL library parses it. */
export interface CelNode {
  /** What it is: `id`, `call`, `.`, an operator, … */
  readonly op: string;
  /** Its parts, by what it is. */
  readonly args: unknown;
  /** Characters of the text before it. */
  readonly start: number;
}

/** Whether a part of what the CEL library has parsed is a node. */
export function isCelNode(value: unknown): value is CelNode {
  return typeof value === 'object' && value !== null && 'op' in value;
}
