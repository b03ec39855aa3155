const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/**
 * A text as XML has it between tags and in attributes.
 * @param signs what is escaped: all five signs, or as few as the place needs.
 */
export function escapeXml(text: string, signs = /[&<>"']/g): string {
  return text.replace(signs, sign => entities[sign] ?? sign);
}
