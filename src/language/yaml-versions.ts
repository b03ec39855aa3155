import { type Document, isPair, isScalar, type Scalar, visit } from 'yaml';
import type { YamlProblem } from './yaml-mistakes.ts';

/**
 * Forms of a plain scalar, and what YAML 1.1, as Ansible has it, reads there: true or false, a
 * number, or else the text.
 */
const forms: readonly (readonly [form: RegExp, read: (text: string) => boolean | number | string])[] = [
  [/^(?:yes|Yes|YES|on|On|ON)$/, () => true],
  [/^(?:no|No|NO|off|Off|OFF)$/, () => false],
  [/^[-+]?0[0-7_]+$/, text => Number.parseInt(text.replaceAll('_', ''), 8)],
  [/^[-+]?0b[01_]+$/, text => Number.parseInt(text.replace(/0b|_/g, ''), 2)],
  [/^[-+]?[1-9][0-9]*_[0-9_]*$/, text => Number(text.replaceAll('_', ''))],
  [/^[-+]?0x[0-9a-fA-F]*_[0-9a-fA-F_]*$/, text => Number.parseInt(text.replaceAll('_', ''), 16)],
  [/^[-+]?0[0-9]+$/, text => text],
  [/^[-+]?[0-9]+(?:[.][0-9]*)?[eE][0-9]+$/, text => text],
  [/^[-+]?[0-9]+[eE][-+][0-9]+$/, text => text],
];

/**
 * The plain scalars of a document that are something else in YAML 1.1 and would silently change
 * what a playbook of Ansible means. Left out are texts with colons (`22:00`), which are numbers
 * there: here they are addresses and times. Source: the resolvers of PyYAML, which Ansible reads
 * with.
 */
export function otherThanYaml11(document: Document): readonly Other[] {
  const found: Other[] = [];
  visit(document, {
    Scalar: (key, node, path) => {
      const other = key === 'key' ? undefined : otherOf(node);
      if (other) found.push(other.isWord && !isVariable(path) ? { ...other.problem, inText: true } : other.problem);
    },
  });
  return found;
}

type Other = Pick<YamlProblem, 'offset' | 'message'> & { readonly hint: string; readonly inText?: true };

/** Whether one of these nodes around a value holds variables, as the file says. */
function isVariable(path: readonly unknown[]): boolean {
  return path.some(node => isPair(node) && isScalar(node.key) && /^(vars|([\w.]+\.)?set_fact)$/.test(String(node.key)));
}

function otherOf({ type, tag, source = '', value, range }: Scalar) {
  if (type !== 'PLAIN' || tag !== undefined) return undefined;
  const read = forms.find(([form]) => form.test(source))?.[1];
  const there = read?.(source);
  if (there === undefined || there === value) return undefined;
  const message = `${source} is ${inWords(value)} here, and ${inWords(there)} to Ansible, which reads YAML 1.1`;
  const other = typeof there === 'string' ? value : there;
  const isWord = typeof there === 'boolean';
  const hint = `Write ${String(other)}${isWord ? '' : ' for the number'}, or "${source}" for the text.`;
  return { isWord, problem: { offset: range?.[0] ?? 0, message, hint } };
}

function inWords(value: unknown): string {
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' ? `the number ${value}` : 'a text';
}
