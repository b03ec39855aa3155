import { bare, insertLines, splitLines } from '../lines/text.ts';

/**
 * The text of a modules-load.d file with the module in it once, or without it (modules-load.d(5):
 * one name a line).
 */
export function loadText(text: string, name: string, wanted: boolean): string {
  // Another spelling of the name is as good.
  if (wanted && splitLines(text).some(line => sameModule(bare(line).trim(), name))) return text;
  return owned(text, line => sameModule(line.trim(), name), wanted ? name : undefined);
}

/** The text of a modprobe.d file with `options` of the module, or without them (modprobe.d(5)). */
export function optionsText(text: string, name: string, params: string): string {
  const line = params === '' ? undefined : `options ${name} ${params}`;
  return owned(text, one => sameModule(/^options\s+(\S+)/.exec(one)?.[1] ?? '', name), line);
}

/** modprobe takes `-` and `_` for the same. */
function sameModule(one: string, other: string): boolean {
  return one.replaceAll('-', '_') === other.replaceAll('-', '_');
}

function owned(text: string, isOwn: (line: string) => boolean, wanted: string | undefined): string {
  const lines = splitLines(text);
  const own = lines.filter(line => isOwn(bare(line)));
  const [first] = own;
  const rest = lines.filter(line => !own.includes(line));
  if (wanted === undefined) return rest.join('');
  const before = first === undefined ? rest.length : lines.indexOf(first);
  return insertLines(rest, before, [first !== undefined && bare(first) === wanted ? first : `${wanted}\n`]).join('');
}
