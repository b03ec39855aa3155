/**
 * What Python's `\A` and `\Z` mean, whatever the flags: JavaScript would take them for the letters.
 */
const textEnds: Readonly<Record<string, string>> = { A: '(?<![\\s\\S])', Z: '(?![\\s\\S])' };

/**
 * A JavaScript pattern from one that was written for Ansible: `(?i)` and its like at the start
 * become flags, `(?P<name>…)` and `(?P=name)` lose their P, `\A` and `\Z` become what JavaScript
 * has for them. Everything else is JavaScript's.
 * @throws SyntaxError
 */
export function toPattern(source: string, flags = ''): RegExp {
  const inline = /^\(\?([ims]+)\)/.exec(source);
  const body = source
    .slice(inline?.[0].length ?? 0)
    .replaceAll('(?P<', '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replace(/\\([\s\S])/g, (whole, letter: string) => textEnds[letter] ?? whole);
  return new RegExp(body, [...new Set(flags + (inline?.[1] ?? ''))].join(''));
}

/** What is wrong with a pattern, for people; undefined if nothing is. */
export function patternProblem(source: string | undefined): string | undefined {
  try {
    if (source !== undefined) toPattern(source);
    return undefined;
  } catch (error) {
    return `is not a valid pattern: ${(error as Error).message}`;
  }
}

/** Fills `\1`, `\g<1>` and `\g<name>` with what the pattern caught. */
export function fillReferences(line: string, match: RegExpExecArray): string {
  return line.replace(/\\(?:g<(\w+)>|(\d))/g, (_, name: string | undefined, digit = '') => {
    const key = name ?? digit;
    return (/^\d+$/.test(key) ? match[Number(key)] : match.groups?.[key]) ?? '';
  });
}
