import type { Edit } from './mutation.ts';
import { isProse } from './prose.ts';
import { childrenOf, type Node } from './syntax.ts';

const comparisons: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '==': '!=',
  '!=': '==',
};

/**
 * Sections of a script, and what a change says of itself: without one of them a guard or a proof is
 * gone.
 */
const sections = new Set([
  ...['guard', 'hazards', 'rehearse', 'undo', 'puts', 'creates', 'alters', 'removes', 'verify', 'apply', 'limit'],
]);

/** A number above it is a size or a time, and one more is the same to anybody. */
const small = 1000;

/** The mutations of a syntax tree, but for those within shell text. */
export function codeMutations(source: string, program: Node): Edit[] {
  return below(program, []);

  /** `above` are the nodes around it, the nearest last. */
  function below(node: Node, above: Node[]): Edit[] {
    if (isProse(node)) return [];
    return [...editsOf(node, above), ...childrenOf(node).flatMap(child => below(child, [...above, node]))];
  }

  function editsOf(node: Node, above: Node[]): Edit[] {
    const parent = above.at(-1);
    switch (node.type) {
      case 'IfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
      case 'ConditionalExpression':
        return negated(node.test);
      case 'LogicalExpression':
        return [node.left, node.right].map(side => replace(node, textOf(side), `one side of ${node.operator}`));
      case 'BinaryExpression':
        return compared(node.left, node.operator, node.right);
      case 'UnaryExpression':
        return node.operator === '!' ? [replace(node, textOf(node.argument), 'no !')] : [];
      case 'AwaitExpression':
        return [replace(node, textOf(node.argument), 'no await')];
      case 'ExpressionStatement':
        return isCall(node.expression) ? [replace(node, ';', 'no call')] : [];
      case 'ThrowStatement':
        return [replace(node, ';', 'no throw')];
      case 'ReturnStatement':
        return isLast(node, above) ? [] : [replace(node, ';', 'no early return')];
      case 'ArrayExpression':
        return isTuple(parent) ? [] : withoutEach(node.elements.filter(element => element !== null));
      case 'ObjectExpression':
        return withoutEach(node.properties.filter(property => isSection(property, node, parent)));
      case 'CallExpression':
        return isNamed(node.callee, ['inOrder']) ? withoutEach(node.arguments) : [];
      case 'Literal':
        return literal(node, parent);
      default:
        return [];
    }
  }

  function textOf({ start, end }: Node): string {
    return source.slice(start, end);
  }

  function negated(test: Node): Edit[] {
    // These have mutations of their own that do the same, or nearly.
    const own = ['LogicalExpression', 'BinaryExpression', 'UnaryExpression', 'Literal'];
    return own.includes(test.type) ? [] : [replace(test, `!(${textOf(test)})`, 'negated')];
  }

  function compared(left: Node, operator: string, right: Node): Edit[] {
    const other = comparisons[operator];
    if (other === undefined) return [];
    const at = source.indexOf(operator, left.end);
    return at < right.start ? [{ start: at, end: at + operator.length, to: other, kind: 'comparison' }] : [];
  }

  /** One of a list goes, with the comma on one side of it. */
  function withoutEach(items: Node[]): Edit[] {
    return items.map(({ end, start }) => {
      const comma = /^\s*,\s*/.exec(source.slice(end))?.[0].length ?? 0;
      const before = comma > 0 ? 0 : (/,\s*$/.exec(source.slice(0, start))?.[0].length ?? 0);
      return { start: start - before, end: end + comma, to: '', kind: 'one less' };
    });
  }
}

function replace({ start, end }: Node, to: string, kind: string): Edit {
  return { start, end, to, kind };
}

function literal(node: Node, parent: Node | undefined): Edit[] {
  if (node.type !== 'Literal' || (parent?.type === 'Property' && parent.key === node)) return [];
  if (typeof node.value === 'boolean') return [replace(node, String(!node.value), 'the other boolean')];
  const counts = typeof node.value === 'number' && (node.value < small || node.value === 1024);
  return counts ? [replace(node, String(Number(node.value) + 1), 'one more')] : [];
}

function isCall(node: Node): boolean {
  if (node.type === 'AwaitExpression') return isCall(node.argument);
  return node.type === 'CallExpression' && node.callee.type !== 'Super';
}

/** Whether a function ends with it anyway. */
function isLast(node: Node, above: Node[]): boolean {
  const [owner, block] = above.slice(-2);
  return block?.type === 'BlockStatement' && block.body.at(-1) === node && /Function/.test(owner?.type ?? '');
}

/**
 * Whether an array there is rather a pair or the like: without a part of it nothing works at all.
 */
function isTuple(parent: Node | undefined): boolean {
  return parent?.type === 'ArrowFunctionExpression' || parent?.type === 'ArrayExpression';
}

/** Whether a property is a section of a script, or says what a change does or needs. */
function isSection(property: Node, object: Node, parent: Node | undefined): boolean {
  if (property.type !== 'Property') return false;
  if (parent?.type === 'CallExpression' && isNamed(parent.callee, ['script']) && parent.arguments[0] === object)
    return true;
  return (property.key.type === 'Identifier' && sections.has(property.key.name)) || isShellText(property.value);
}

function isShellText(node: Node): boolean {
  if (node.type === 'TaggedTemplateExpression') return isNamed(node.tag, ['sh']);
  return node.type === 'CallExpression' && isNamed(node.callee, ['raw', 'join']);
}

function isNamed(node: Node, names: string[]): boolean {
  return node.type === 'Identifier' && names.includes(node.name);
}
