import type { Node } from './syntax.ts';

/** Properties whose values people read, and no program. */
const told = new Set([
  ...['description', 'summary', 'title', 'examples', 'example', 'returns', 'help', 'usage', 'label'],
  ...['message', 'advice', 'hint', 'reason', 'because', 'note', 'notes', 'why', 'warning', 'warnings'],
]);

/** Errors carry what people read. */
const tellers = /^(?:\w*Error|CannotTell)$/;

/**
 * Whether what is below a node is told to people, or only to the compiler. No mutation of it
 * changes what is done.
 */
export function isProse(node: Node): boolean {
  if (/^(?:TS(?!As|NonNull|Satisfies)|Import|Export(?:All|Specifier))/.test(node.type)) return true;
  if (node.type === 'Property') return node.key.type === 'Identifier' && told.has(node.key.name);
  if (node.type === 'TemplateLiteral') return node.quasis.some(({ value }) => isSentence(value.raw));
  if (node.type === 'NewExpression') return node.callee.type === 'Identifier' && tellers.test(node.callee.name);
  if (node.type === 'ConditionalExpression') return [node.consequent, node.alternate].every(isText);
  return false;
}

/** Two words in a row, as no path and no key has them. */
function isSentence(text: string): boolean {
  return /[A-Za-z]{2,},? [a-z]{2,}/.test(text);
}

function isText(node: Node): boolean {
  if (node.type === 'TemplateLiteral') return isProse(node);
  return node.type === 'Literal' && typeof node.value === 'string' && isSentence(node.value);
}
