/** One kernel parameter as a command line has it: `quiet`, `hugepages=4`. */
export type Token = string;

/**
 * Splits a kernel command line at blanks; a double quote keeps blanks together, as in the kernel.
 */
export function splitTokens(line: string): readonly Token[] {
  return [...line.trim().matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(match => match[0]);
}

/** The parameter's name; the kernel takes `-` for `_`. */
export function nameOf(token: Token): string {
  const name = token.includes('=') ? token.slice(0, token.indexOf('=')) : token;
  return name.replaceAll('-', '_');
}

/** Those tokens whose parameter is among the names, in order. */
export function pick(tokens: readonly Token[], names: readonly string[]): readonly Token[] {
  return tokens.filter(token => names.includes(nameOf(token)));
}

/**
 * Whether two command lines give these parameters the same values in the same order: for repeated
 * ones the order has a meaning.
 */
export function sameTokens(one: readonly Token[], other: readonly Token[]): boolean {
  const form = (token: Token): string => nameOf(token) + (token.includes('=') ? token.slice(token.indexOf('=')) : '');
  return one.map(form).join(' ') === other.map(form).join(' ');
}
