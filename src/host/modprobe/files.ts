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
  return owned(text, one => /^options\s/.test(one) && sameModule(one.trim().split(/\s+/)[1]!, name), line);
}

/** modprobe takes `-` and `_` for the same. */
function sameModule(one: string, other: string): boolean {
  return one.replaceAll('-', '_') === other.replaceAll('-', '_');
}

function owned(text: string, isOwn: (line: string) => boolean, wanted: string | undefined): string {
  const lines = splitLines(text);
  const at = lines.findIndex(line => isOwn(bare(line)));
  const rest = lines.filter(line => !isOwn(bare(line)));
  if (wanted === undefined) return rest.join('');
  const before = at < 0 ? rest.length : lines.slice(0, at).filter(line => !isOwn(bare(line))).length;
  const line = at >= 0 && bare(lines[at]!) === wanted ? lines[at]! : `${wanted}\n`;
  return insertLines(rest, before, [line]).join('');
}
