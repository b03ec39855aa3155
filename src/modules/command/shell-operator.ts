/**
 * What a shell would have acted upon in a command line that goes through none, unquoted: an
 * operator that stands alone, or a variable (`$HOME`), which Ansible expands without a shell.
 */
export function shellOperator(line: string): string | undefined {
  const bare = line.replace(/'[^']*'|"(?:[^"\\]|\\[\s\S])*"|\\./g, 'q');
  return /(?:^|\s)(\|\|?|&&|>>?|2>&1|<)(?=\s|$)/.exec(bare)?.[1] ?? /\$(?:[A-Za-z_]\w*|\{\w+\})/.exec(bare)?.[0];
}
