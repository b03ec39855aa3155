import { type Alias, type Document, isCollection, type Scalar, visit } from 'yaml';
import { quoteBraces } from './bare-braces.ts';
import { deepest, knownMistake, tooDeep, type YamlProblem } from './yaml-mistakes.ts';

/** Puts an error of the YAML library into words: what it found, and what is probably meant. */
export function yamlProblem(document: Document, text: string, at: number, found: string): YamlProblem {
  const [message] = found.split('\n') as [string];
  const offset = message.startsWith('Missing closing') ? (lastQuote(document) ?? at) : at;
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const line = text.slice(start).replace(/\n[\s\S]*/, '');
  const harmless = /^(Map keys must be unique|Unresolved tag|Invalid escape)/.test(message);
  const braces = harmless ? undefined : quoteBraces(line);
  if (braces) {
    const where = braces.begins ? 'begins with {{' : 'has {{ in it';
    const message = braces.isExpression
      ? 'an expression names its variables without {{ }}'
      : `a value that ${where} must be in quotes`;
    return { offset: start + braces.offset, message, hint: `Write: ${braces.written}` };
  }
  const known = knownMistake({ text, offset, line, start, message });
  if (known) return known;
  const requoted = singleInside(line);
  if (requoted !== undefined)
    return { offset, message: 'a quote inside of {{ }} ends the text', hint: `Write: ${requoted}` };
  return { offset, message: `this is not YAML: ${message}`, hint: anything };
}

/** What is mostly wrong where nothing is known of a message. */
const anything =
  'Look at the quotes, brackets and commas of this line, and at how far it and the one before are indented.';

/** A value in double quotes that has more of them inside of `{{ }}`: `"{{ join a "," }}"`. */
function singleInside(line: string): string | undefined {
  const [, key, value] = /^\s*(?:- )?([\w.-]+:)\s+"(.*\{\{.*".*)"\s*$/.exec(line) ?? [];
  return value === undefined ? undefined : `${key} "${value.replaceAll('"', "'")}"`;
}

/** An alias without an anchor is only found when the values are taken out. */
export function aliasProblem(document: Document, found: string): YamlProblem {
  const name = /: (\S+)$/.exec(found)?.[1];
  let offset = 0;
  visit(document, {
    Alias: (_, node: Alias) => {
      if (node.source !== name) return undefined;
      offset = node.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  if (!found.startsWith('Unresolved alias')) return { offset, message: found };
  const hint = 'A text that begins with * must be in quotes; an anchor (&name) must come before.';
  return { offset, message: `there is no anchor "${name}"`, hint };
}

/** The first list or map that is nested too deeply. */
export function depthProblem(document: Document): YamlProblem | undefined {
  let found: YamlProblem | undefined;
  visit(document, {
    Collection: (_, node, path) => {
      // Between two maps there is the pair of the outer one.
      if (path.filter(isCollection).length <= deepest) return undefined;
      found = tooDeep(node.range?.[0] ?? 0);
      return visit.BREAK;
    },
  });
  return found;
}

function lastQuote(document: Document): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Scalar: (_, node: Scalar) => {
      if (node.type?.startsWith('QUOTE')) offset = node.range?.[0];
    },
  });
  return offset;
}
