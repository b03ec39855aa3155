/**
 * A command line without the variables that were given on it, which may be secret. Files of
 * variables stay.
 * @param variables what each `-e` was given
 */
export function withoutValues(words: readonly string[], variables: readonly string[]): readonly string[] {
  const isValue = (word: string | undefined) => word !== undefined && !word.startsWith('@') && variables.includes(word);
  return words.flatMap((word, at) => {
    if (takesValue.test(words[at - 1] ?? '') && isValue(word)) return [];
    if (takesValue.test(word) && isValue(words[at + 1])) return othersIn(word);
    const option = optionsIn(word).find(each => isValue(word.slice(each.length)));
    return option === undefined ? [word] : othersIn(option);
  });
}

/** An option whose value is the next word; short ones may have others before it. */
const takesValue = /^(?:--extra-vars|-[A-Za-z]*e)$/;

/** What of a word may be the option before its value: of `-bename=x`, `-be` and `-bename`. */
function optionsIn(word: string): readonly string[] {
  const long = '--extra-vars=';
  if (word.startsWith(long)) return [long];
  return [...word.matchAll(/e/g)].map(({ index }) => word.slice(0, index + 1)).filter(each => takesValue.test(each));
}

/** The other options of a word that ends with that of variables. */
function othersIn(option: string): readonly string[] {
  const others = option.startsWith('--') ? '' : option.slice(0, -1);
  return others.length > 1 ? [others] : [];
}
