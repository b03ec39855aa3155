/**
 * A value as JSON the way Python's `json.dumps` writes it, which is what Ansible leaves in a file:
 * blanks after commas and colons, and nothing but ASCII.
 */
export function jsonOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map(([key, item]) => `${jsonOf(key)}: ${jsonOf(item)}`);
    return `{${pairs.join(', ')}}`;
  }
  const code = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value).replace(/[\u0080-\uffff]/g, code);
}
