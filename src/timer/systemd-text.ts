/** A text as the value of a setting that has no quotes, such as a description (systemd.unit(5)). */
export function plainText(text: string): string {
  return text.replaceAll('%', '%%').replace(control, ' ');
}

/**
 * A word of a command line, quoted as systemd.syntax(7) and systemd.service(5) have it. A `$` stays
 * as it is: the command line begins with `:`, which turns variables off.
 */
export function quoted(word: string): string {
  const escaped = word
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('%', '%%')
    .replace(control, letter => `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `"${escaped}"`;
}

/** What would end a line, or could not be seen in it. */
const control = /[\u0001-\u001f\u007f]/g;
