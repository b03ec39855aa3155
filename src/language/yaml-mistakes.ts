import { inQuotes } from './yaml-text.ts';

/** What the YAML library found, in words for people, and where it should be shown. */
export interface YamlProblem {
  readonly offset: number;
  readonly message: string;
  readonly hint?: string;
  /** Another line may be to blame. */
  readonly unclear?: true;
}

/** Where the YAML library found something, and what it called that. */
export interface Finding {
  readonly text: string;
  readonly offset: number;
  /** The line that the offset is in, and where that begins. */
  readonly line: string;
  readonly start: number;
  /** The words of the library, on one line. */
  readonly message: string;
}

/** Where secrets come from, for who has them in a vault of Ansible. */
export const secretsHint =
  'Hostwright does not open vaults. Decrypt it into a file that only you can read, and give that with -e @FILE, ' +
  'or name an environment variable: {{ env "NAME" }}.';

/**
 * Levels of lists and maps in each other; what is deeper would exhaust the stack of whoever reads
 * it.
 */
export const deepest = 100;

/** The problem with what is nested too deeply. */
export function tooDeep(offset: number): YamlProblem {
  const message = `lists and maps are nested more than ${deepest} levels deep`;
  return { offset, message, hint: 'Include a part of it as a file of its own.' };
}

const sameColumn = 'Keys of one map begin in the same column, and so do the items of one list.';

/** What the library's messages mean for whoever wrote the file; the first that fits. */
const mistakes: readonly (readonly [words: RegExp, say: (finding: Finding) => YamlProblem])[] = [
  [/^Map keys must be unique/, twice],
  [/^Unresolved tag/, unknownTag],
  [
    /^Implicit keys need to be on a single line/,
    ({ offset }) => ({
      offset,
      message: 'a line below is indented more than its neighbours',
      hint: sameColumn,
      unclear: true,
    }),
  ],
  [/^All (mapping|sequence) items must start at the same column/, notAligned],
  [/^Sequence item without - indicator/, notAligned],
  [/^Invalid escape sequence/, wrongEscape],
  [
    /^Nested mappings are not allowed in compact/,
    ({ offset, line }) => ({
      offset,
      message: 'a text with ": " in it must be in quotes',
      hint: `Write: ${quotedLine(line)}`,
    }),
  ],
  [
    /^Tabs are not allowed/,
    ({ offset }) => ({ offset, message: 'a tab cannot indent in YAML', hint: 'Indent with blanks.' }),
  ],
  [/^Missing closing/, openQuote],
  [/^Plain value cannot start with/, reservedStart],
  [/^Block collections are not allowed within flow collections/, colonInFlow],
  [/^Flow (map|sequence) in block collection|^Flow end indicator/, openBracket],
  [/^Unexpected flow-(map|seq)-end token/, strayBracket],
  [
    /multiple documents/,
    ({ offset }) => ({
      offset,
      message: 'a file holds one document',
      hint: 'Take the line "---" out, or make two files.',
    }),
  ],
  [/^Maximum call stack/, ({ offset }) => tooDeep(offset)],
  [
    /^With stringKeys/,
    ({ offset }) => ({ offset, message: 'a key must be a plain text', hint: 'Put the key in quotes.' }),
  ],
];

/** Puts what the library found into words; undefined where nothing is known of its message. */
export function knownMistake(finding: Finding): YamlProblem | undefined {
  return mistakes.find(([words]) => words.test(finding.message))?.[1](finding);
}

function twice({ text, offset }: Finding): YamlProblem {
  const key = /^["']?([^:"'\n]*)/.exec(text.slice(offset))?.[1] ?? '';
  return { offset, message: `the key "${key}" stands twice in one map`, hint: 'Take one out, or join them.' };
}

function unknownTag({ offset, message }: Finding): YamlProblem {
  const tag = message.split(': ')[1] ?? '';
  const hint = tag.includes('vault') ? secretsHint : 'The tag known here is !expr.';
  return { offset, message: `unknown tag ${tag}`, hint };
}

function notAligned({ start, line }: Finding): YamlProblem {
  const offset = start + line.search(/\S|$/);
  return { offset, message: 'this line is not indented as its neighbours are', hint: sameColumn };
}

function wrongEscape({ offset, message }: Finding): YamlProblem {
  const [sequence = '\\'] = /\\.?$/.exec(message) ?? [];
  const hint = `Write \\${sequence}, or put the text in single quotes.`;
  return { offset, message: `a text in double quotes has no escape ${sequence}`, hint };
}

function openQuote({ text, offset }: Finding): YamlProblem {
  const hint =
    text[offset] === "'"
      ? "Write ' at its end. A text that has ' in it can be in double quotes."
      : 'Write " at its end. A text that has " in it can be in single quotes.';
  return { offset, message: 'this quote is not closed', hint };
}

/** `@at`, `%x` and a backquote, which YAML keeps for itself. */
function reservedStart(finding: Finding): YamlProblem {
  const { text, offset } = finding;
  return {
    offset,
    message: `a text that begins with ${text[offset]} must be in quotes`,
    hint: `Write: ${quotedHere(finding)}`,
  };
}

/** `{msg: a b: c}` */
function colonInFlow(finding: Finding): YamlProblem {
  const { offset } = finding;
  return { offset, message: 'a text with ": " in it must be in quotes', hint: `Write: ${quotedHere(finding)}` };
}

/**
 * The value that begins at the offset, in quotes and behind its key; in brackets it ends with the
 * next separator.
 */
function quotedHere({ offset, line, start }: Finding): string {
  const before = line.slice(0, offset - start);
  const rest = line.slice(offset - start).replace(/\s+#.*$/, '');
  const value = /[[{]/.test(before) ? (/^[^,\]}]*/.exec(rest)?.[0] ?? rest) : rest;
  return `${/[\w.-]+:[ \t]+$/.exec(before)?.[0] ?? ''}${inQuotes(value.trimEnd())}`;
}

/** The library tells of it where something else begins: it is shown where the bracket is. */
function openBracket({ text, offset }: Finding): YamlProblem {
  let depth = 0;
  let at = offset - 1;
  for (; at >= 0; at -= 1) {
    if (/[\]}]/.test(text.charAt(at))) depth += 1;
    else if (/[[{]/.test(text.charAt(at))) depth -= 1;
    if (depth < 0) break;
  }
  const bracket = at < 0 ? '' : text[at];
  const end = bracket === '[' ? ']' : '}';
  const message = at < 0 ? 'a bracket is not closed' : `this ${bracket} is not closed`;
  return { offset: Math.max(0, at), message, hint: `Write ${end} at its end, or put the text in quotes.` };
}

function strayBracket({ text, offset }: Finding): YamlProblem {
  return { offset, message: `this ${text[offset]} closes nothing`, hint: 'Take it out, or put the text in quotes.' };
}

function quotedLine(line: string): string {
  const [, key, value] = /^\s*(?:- )?([^:]+):\s+(.*)$/.exec(line) ?? [];
  return key === undefined ? inQuotes(line.trim()) : `${key}: ${inQuotes(value ?? '')}`;
}
