/** A value of libvirt's configuration files. */
export type ConfValue = string | number | boolean | readonly string[];

/** A value as it is found in a file. */
type Found = string | number | readonly Found[];

export interface Statement {
  readonly name: string;
  /** The line in which it begins, from 1. */
  readonly line: number;
  /** Where its value is in the text. */
  readonly start: number;
  readonly end: number;
  readonly value: Found;
}

const blank = /[ \t]*/y;
const space = /[ \t\r\n]*/y;
const comment = /#[^\r\n]*/y;
const nameWord = /[A-Za-z][A-Za-z0-9_]*/y;
const number = /[+-]?[0-9]+/y;
// Three quotes enclose lines; there are no escapes.
const text = /'([^'\r\n]*)'|"""([\s\S]*?)"""|"([^"\r\n]*)"/y;

/** The text is not configuration as libvirt reads it. */
export class ConfSyntax extends Error {}

/**
 * The statements of a file in /etc/libvirt, as libvirt's own reader takes them: `name = value`, a
 * number, a text or a list of them over several lines, a comment behind it.
 * @throws ConfSyntax with the line: libvirt would not start with it.
 */
export function parseConf(source: string): readonly Statement[] {
  const statements: Statement[] = [];
  let at = 0;
  const lineAt = (): number => source.slice(0, at).split('\n').length;
  const fail = (what: string): never => {
    throw new ConfSyntax(`line ${lineAt()}: ${what} is missing`);
  };
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match) at += match[0].length;
    return match;
  };
  const valueAt = (): Found => {
    take(blank);
    if (source[at] === '[') return list();
    const quoted = take(text);
    if (quoted) return quoted[1] ?? quoted[2] ?? quoted[3] ?? '';
    const digits = take(number);
    return digits ? Number(digits[0]) : fail('a value');
  };
  const list = (): readonly Found[] => {
    const items: Found[] = [];
    at += 1;
    take(space);
    while (source[at] !== ']') {
      items.push(valueAt());
      take(space);
      if (source[at] !== ',' && source[at] !== ']') fail('a comma or ]');
      if (source[at] === ',') at += 1;
      take(space);
    }
    at += 1;
    return items;
  };
  for (take(space); at < source.length; take(space)) {
    if (take(comment)) continue;
    const line = lineAt();
    const name = take(nameWord)?.[0] ?? fail('a name');
    take(blank);
    if (source[at] !== '=') fail('=');
    at += 1;
    take(blank);
    const start = at;
    const value = valueAt();
    statements.push({ name, line, start, end: at, value });
    take(blank);
    take(comment);
    if (at < source.length && !/[;\r\n]/.test(source.charAt(at))) fail('the end of the line');
    if (source[at] === ';') at += 1;
  }
  return statements;
}

/** A value as libvirt's files have it. */
export function formatConf(value: ConfValue): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return value.includes('"') ? `'${value}'` : `"${value}"`;
  return `[ ${value.map(formatConf).join(', ')} ]`;
}

/** Whether what is in the file means the value. */
export function sameConf(found: Statement['value'] | undefined, wanted: ConfValue): boolean {
  const plain = typeof wanted === 'boolean' ? Number(wanted) : wanted;
  return JSON.stringify(found) === JSON.stringify(plain);
}

/**
 * Sets one setting: where it stands already its value is replaced (libvirt takes the first of
 * several), else it is put in front of its commented-out example, else at the end. Everything else
 * stays, byte for byte.
 * @throws ConfSyntax
 */
export function setInConf(source: string, name: string, value: ConfValue): string {
  const found = parseConf(source).find(statement => statement.name === name);
  if (found && sameConf(found.value, value)) return source;
  if (found) return source.slice(0, found.start) + formatConf(value) + source.slice(found.end);
  const line = `${name} = ${formatConf(value)}\n`;
  const example = exampleOf(source, name);
  if (example !== undefined) return source.slice(0, example) + line + source.slice(example);
  return `${source}${source === '' || source.endsWith('\n') ? '' : '\n'}${line}`;
}

/**
 * Where the line with the commented-out example begins; not one inside a list or a text of several
 * lines.
 */
function exampleOf(source: string, name: string): number | undefined {
  const statements = parseConf(source);
  const examples = source.matchAll(new RegExp(`^[ \\t]*#[ \\t]*${name}[ \\t]*=`, 'gm'));
  return examples
    .map(({ index }) => index)
    .find(index => !statements.some(({ start, end }) => start < index && index < end));
}
