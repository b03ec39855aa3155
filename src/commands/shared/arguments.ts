/**
 * A command line without the variables that were given on it, which may be secret. Files of
 * variables stay.
 * @param variables what each `-e` was given
 */
export function withoutValues(words: readonly string[], variables: readonly string[]): readonly string[] {
  const isValue = (word: string | undefined) => word !== undefined && !word.startsWith('@') && variables.includes(word);
  return words.flatMap((word, at) => {
    const [before, next] = [words[at - 1] ?? '', words[at + 1]];
    if (takesValue.test(before) && isValue(word)) return [];
    if (isValue(/^(?:--extra-vars=|-[A-Za-z]*e)(.+)$/s.exec(word)?.[1])) return [];
    if (takesValue.test(word) && isValue(next)) {
      const others = word.startsWith('--') ? '' : word.slice(0, -1);
      return others.length > 1 ? [others] : [];
    }
    return [word];
  });
}

/** An option whose value is the next word; short ones may have others before it. */
const takesValue = /^(?:--extra-vars|-[A-Za-z]*e)$/;
