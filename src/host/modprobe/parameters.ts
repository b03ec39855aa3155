/** `nested=1 foo=bar` by name; undefined for a word without `=`. */
export function parseParameters(text: string): ReadonlyMap<string, string> | undefined {
  const pairs = text.split(/\s+/).filter(word => word !== '');
  if (pairs.some(pair => !/^[A-Za-z0-9_-]+=/.test(pair))) return undefined;
  return new Map(pairs.map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

/**
 * True if the kernel's way of printing a parameter means what was asked for: it prints booleans as
 * Y and N.
 */
export function sameParameter(live: string, wanted: string): boolean {
  return normal(live) === normal(wanted);
}

function normal(value: string): string {
  const text = value.trim().replace(/^["']|["']$/g, '');
  if (/^(y|yes|on|true)$/i.test(text)) return '1';
  if (/^(n|no|off|false)$/i.test(text)) return '0';
  return /^0x[0-9a-f]+$/i.test(text) ? String(Number.parseInt(text, 16)) : text;
}
