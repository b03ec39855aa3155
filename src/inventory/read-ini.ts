import { diagnose, InvalidInput } from '../language/diagnostic.ts';
import type { Part, Path, Position } from '../language/source.ts';
import { wordsOf } from '../words.ts';
import { namedHosts } from './host-port.ts';
import { type Draft, draftGroup, draftHost } from './inventory.ts';

/**
 * Reads an inventory in Ansible's INI form: `[group]`, `[group:children]`, `[group:vars]`, hosts
 * with `key=value`.
 * @throws InvalidInput naming each line that is none of these.
 */
export function readIniInventory(text: string, file: string, draft: Draft): void {
  let section = { group: 'ungrouped', kind: 'hosts' };
  const problems = text.split('\n').flatMap((line, index) => {
    const content = withoutComment(line).trim();
    if (content === '') return [];
    const [, group, kind = 'hosts'] = /^\[([^\]:]+)(?::(children|vars|hosts))?\]$/.exec(content) ?? [];
    if (group !== undefined) {
      section = { group: group.trim(), kind };
      draftGroup(draft, section.group);
      return [];
    }
    const at = (word: string) => ({ file, line: index + 1, column: line.indexOf(word) + 1 });
    if (/^\[.*\]$/.test(content)) {
      const hint = 'Sections are [group], [group:children] and [group:vars].';
      return [diagnose(text, at(content), `there is no section ${content}`, hint)];
    }
    if (/^\[[^\]]*$/.test(content))
      return [diagnose(text, at(content), 'the name of a section is not closed', `Write: ${content}]`)];
    const problem = readLine({ content, section, draft, part: linePart(text, file, index) });
    return problem ? [diagnose(text, at(problem.word), problem.message)] : [];
  });
  if (problems.length > 0) throw new InvalidInput(problems);
}

/** A comment begins with # or ; at the start or after a blank, outside quotes. */
function withoutComment(line: string): string {
  const match = /^(?:"[^"]*"|'[^']*'|\S(?:(?!["'])\S)*|\s+(?![#;]))*/.exec(/^\s*[#;]/.test(line) ? '' : line);
  return match?.[0] ?? '';
}

/** A line as a part in which each variable has its place. */
function linePart(text: string, file: string, index: number): Part {
  const line = text.split('\n')[index] ?? '';
  const column = (pattern: RegExp) => (pattern.exec(line)?.[0].length ?? 0) + 1;
  const named = ([name = '']: Path) => String(name).replace(/[^\w]/g, '\\$&');
  const place = (found: number): Position => ({ file, line: index + 1, column: found });
  const keyAt = (path: Path) => place(column(new RegExp(`^.*?(?=(?<![\\w])${named(path)}\\s*=)`)));
  const at = (path: Path, offset = 0) =>
    place(column(new RegExp(`^.*?(?<![\\w])${named(path)}\\s*=\\s*["']?`)) + offset);
  return { source: { file, text, value: line, at, styleAt: () => undefined, keyAt, doubts: [] }, path: [] };
}

interface Line {
  /** Without comment and outer blanks. */
  readonly content: string;
  readonly section: { readonly group: string; readonly kind: string };
  readonly draft: Draft;
  readonly part: Part;
}

function readLine(line: Line): { readonly word: string; readonly message: string } | undefined {
  const { content, section, draft } = line;
  const group = draftGroup(draft, section.group);
  if (section.kind === 'vars') return readVariable(line);
  if (section.kind === 'hosts') return readHost(line);
  if (/\s/.test(content)) return { word: content, message: 'a child is the name of a group, alone on its line' };
  group.children.add(content);
  return undefined;
}

function readVariable({ content, section, draft, part }: Line): { word: string; message: string } | undefined {
  const [, name, value = ''] = /^([^=\s]+)\s*=\s*(.*)$/.exec(content) ?? [];
  if (name === undefined) return { word: content, message: 'a variable is "name=value"' };
  const origin = `group ${section.group} in ${part.source.file}`;
  draftGroup(draft, section.group).variables.push({ origin, values: { [name]: typed(value) }, literal: false, part });
  return undefined;
}

function readHost({ content, section, draft, part }: Line): { word: string; message: string } | undefined {
  const group = draftGroup(draft, section.group);
  const [pattern = '', ...rest] = wordsOf(content);
  if (pattern === '') return { word: content, message: 'a host needs a name' };
  const values: Record<string, unknown> = {};
  for (const word of rest) {
    const at = word.indexOf('=');
    if (at <= 0) return { word, message: `"${word}" is not "name=value"` };
    values[word.slice(0, at)] = typed(word.slice(at + 1));
  }
  const { names, variables } = namedHosts(pattern, part.source.file, part);
  for (const host of names) {
    group.hosts.add(host);
    const own = draftHost(draft, host);
    own.push(...variables);
    if (rest.length > 0) own.push({ origin: `host ${host} in ${part.source.file}`, values, literal: false, part });
  }
  return undefined;
}

/** Numbers and truth as YAML 1.2 would read them; all else is text. */
function typed(value: string): unknown {
  const plain = value.replace(/^(["'])(.*)\1$/, '$2');
  if (plain !== value) return plain;
  if (/^-?(0|[1-9][0-9]*)$/.test(value)) return Number(value);
  if (/^(true|True)$/.test(value)) return true;
  if (/^(false|False)$/.test(value)) return false;
  return value;
}
