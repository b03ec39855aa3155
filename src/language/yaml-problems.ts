import { type Alias, type Document, isCollection, type Scalar, visit } from 'yaml';
import { quoteBraces } from './bare-braces.ts';
import { inQuotes } from './yaml-text.ts';

/** What the YAML library found, in words for people, and where it should be shown. */
export interface YamlProblem {
  readonly offset: number;
  readonly message: string;
  readonly hint?: string;
}

/** Where secrets come from, for who has them in a vault of Ansible. */
export const secretsHint =
  'Hostwright does not open vaults. Decrypt it into a file that only you can read, and give that with -e @FILE, ' +
  'or name an environment variable: {{ env "NAME" }}.';

/** Puts an error of the YAML library into words: what it found, and what is probably meant. */
export function yamlProblem(document: Document, text: string, at: number, found: string): YamlProblem {
  const [message] = found.split('\n') as [string];
  const offset = message.startsWith('Missing closing') ? (lastQuote(document) ?? at) : at;
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const line = text.slice(start).split('\n', 1)[0]!;
  const harmless = /^(Map keys must be unique|Unresolved tag|Invalid escape)/.test(message);
  const braces = harmless ? undefined : quoteBraces(line);
  if (braces) {
    const where = braces.begins ? 'begins with {{' : 'has {{ in it';
    const message = braces.isExpression
      ? 'an expression names its variables without {{ }}'
      : `a value that ${where} must be in quotes`;
    return { offset: start + braces.offset, message, hint: `Write: ${braces.written}` };
  }
  if (message.startsWith('Map keys must be unique')) {
    const key = /^["']?([^:"'\n]*)/.exec(text.slice(offset))?.[1] ?? '';
    return { offset, message: `the key "${key}" stands twice in one map`, hint: 'Take one out, or join them.' };
  }
  if (message.startsWith('Unresolved tag')) {
    const tag = message.split(': ')[1] ?? '';
    return {
      offset,
      message: `unknown tag ${tag}`,
      hint: tag.includes('vault') ? secretsHint : 'The tag known here is !expr.',
    };
  }
  if (message.startsWith('Implicit keys need to be on a single line')) {
    return { offset, message: 'a line below is indented more than its neighbours', hint: sameColumn };
  }
  if (/^All (mapping|sequence) items must start at the same column/.test(message)) {
    return {
      offset: start + line.search(/\S|$/),
      message: 'this line is not indented as its neighbours are',
      hint: sameColumn,
    };
  }
  if (message.startsWith('Invalid escape sequence')) {
    const [sequence = '\\'] = /\\.?$/.exec(message) ?? [];
    const hint = `Write \\${sequence}, or put the text in single quotes.`;
    return { offset, message: `a text in double quotes has no escape ${sequence}`, hint };
  }
  if (message.startsWith('Nested mappings are not allowed in compact')) {
    return { offset, message: 'a text with ": " in it must be in quotes', hint: `Write: ${quotedLine(line)}` };
  }
  if (message.startsWith('Tabs are not allowed')) {
    return { offset, message: 'a tab cannot indent in YAML', hint: 'Indent with blanks.' };
  }
  if (message.startsWith('Missing closing')) {
    return { offset, message: 'this quote is not closed' };
  }
  if (message.includes('multiple documents')) {
    return { offset, message: 'a file holds one document', hint: 'Take the line "---" out, or make two files.' };
  }
  if (message.startsWith('Maximum call stack')) return tooDeep(offset);
  if (message.startsWith('With stringKeys')) {
    return { offset, message: 'a key must be a plain text' };
  }
  const requoted = singleInside(line);
  if (requoted === undefined) return { offset, message };
  return { offset, message: 'a quote inside of {{ }} ends the text', hint: `Write: ${requoted}` };
}

const sameColumn = 'Keys of one map begin in the same column, and so do the items of one list.';

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

/** Levels of lists and maps in each other; what is deeper would exhaust the stack of whoever reads it. */
const deepest = 100;

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

function tooDeep(offset: number): YamlProblem {
  const message = `lists and maps are nested more than ${deepest} levels deep`;
  return { offset, message, hint: 'Include a part of it as a file of its own.' };
}

function quotedLine(line: string): string {
  const [, key, value] = /^\s*(?:- )?([^:]+):\s+(.*)$/.exec(line) ?? [];
  return key === undefined ? inQuotes(line.trim()) : `${key}: ${inQuotes(value ?? '')}`;
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
