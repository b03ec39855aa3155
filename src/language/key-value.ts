/** Arguments in Ansible's old form (`src=a mode=0644`), as pairs; none where the text has none. */
export function keyValues(text: string): readonly (readonly [key: string, value: string])[] {
  const pairs = text.matchAll(/(?<!\S)(\w+)=((?:"[^"]*"|'[^']*'|\{\{[\s\S]*?\}\}|[^\s"'])+)/g);
  return [...pairs].map(([, key, value]) => [key!, value!] as const);
}

/** The same as a map of YAML: `{src: a, mode: "0644"}`; undefined where the text has no pairs. */
export function asMap(text: string): string | undefined {
  const pairs = keyValues(text).map(([key, value]) => `${key}: ${yamlOf(value)}`);
  return pairs.length === 0 ? undefined : `{${pairs.join(', ')}}`;
}

/** A value of that form is a text, but for true, false and numbers. */
function yamlOf(value: string): string {
  if (/^(".*"|'.*')$/.test(value) || /^(true|false|0|[1-9]\d*)$/.test(value)) return value;
  return /^[A-Za-z/][\w./-]*$/.test(value) && !/^(yes|no|on|off|null)$/i.test(value) ? value : JSON.stringify(value);
}
