/** A value of LVM's configuration. */
export type ConfigValue = string | number | boolean | readonly (string | number)[];

interface Assignment {
  /** `allocation/thin_pool_zero`. */
  readonly path: string;
  /** Where its value stands. */
  readonly start: number;
  readonly end: number;
}

interface Section {
  readonly path: string;
  /** Where its closing brace stands. */
  readonly close: number;
}

const token = /\s+|#[^\n]*|"(?:[^"\\]|\\.)*"|'[^']*'|@?[A-Za-z0-9_+.:/-]+|[{}=[\],]/y;

/** A value as lvm.conf and lvmconfig write it, without blanks. */
export function formatValue(value: ConfigValue): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return `"${value.replace(/(["\\])/g, '\\$1')}"`;
  return `[${value.map(item => formatValue(item)).join(',')}]`;
}

/**
 * Sets one setting in the text of an lvm.conf: where it stands already its value is replaced, else
 * it is added to its section, else the section is added at the end. Everything else, comments too,
 * stays as it is.
 * @throws Error if the text is not LVM configuration, with the line.
 */
export function setInConfig(text: string, path: string, value: ConfigValue): string {
  const { assignments, sections } = parse(text);
  // LVM takes the last of several.
  const found = assignments.findLast(item => item.path === path);
  if (found) return text.slice(0, found.start) + formatValue(value) + text.slice(found.end);
  const [section, key] = [path.slice(0, path.lastIndexOf('/')), path.slice(path.lastIndexOf('/') + 1)];
  const line = `\t${key} = ${formatValue(value)}\n`;
  const home = sections.find(item => item.path === section);
  if (!home) {
    const gap = text === '' || text.endsWith('\n') ? '' : '\n';
    return `${text}${gap}${section} {\n${line}}\n`;
  }
  const lineStart = text.lastIndexOf('\n', home.close - 1) + 1;
  const alone = text.slice(lineStart, home.close).trim() === '';
  return alone
    ? text.slice(0, lineStart) + line + text.slice(lineStart)
    : `${text.slice(0, home.close)}\n${line}${text.slice(home.close)}`;
}

function parse(text: string): { assignments: readonly Assignment[]; sections: readonly Section[] } {
  const words = tokenise(text);
  const assignments: Assignment[] = [];
  const sections: Section[] = [];
  const open: string[] = [];
  let at = 0;
  const fail = (): never => {
    const line = text.slice(0, words[at]?.start ?? text.length).split('\n').length;
    throw new Error(`line ${line} is not LVM configuration`);
  };
  for (let word = words[0]; word; word = words[at]) {
    const [sign, first] = words.slice(at + 1, at + 3);
    if (word.text === '}') {
      if (open.length === 0) fail();
      sections.push({ path: open.join('/'), close: word.start });
      open.pop();
      at += 1;
    } else if (sign?.text === '{') {
      open.push(word.text);
      at += 2;
    } else if (sign?.text === '=' && first) {
      const end = first.text === '[' ? words.findIndex(({ text }, index) => index > at + 1 && text === ']') : at + 2;
      const last = words[end] ?? fail();
      assignments.push({ path: [...open, word.text].join('/'), start: first.start, end: last.end });
      at = end + 1;
    } else fail();
  }
  if (open.length > 0) fail();
  return { assignments, sections };
}

function tokenise(text: string): readonly { text: string; start: number; end: number }[] {
  const words = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const start = token.lastIndex;
    const match = token.exec(text)?.[0];
    if (match === undefined)
      throw new Error(`line ${text.slice(0, start).split('\n').length} is not LVM configuration`);
    if (!/^[\s#]/.test(match)) words.push({ text: match, start, end: start + match.length });
  }
  return words;
}
