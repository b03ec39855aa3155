import type { Command } from 'commander';

/**
 * The options that a command was given on its command line, as words for another one that has them
 * too.
 * @param own attributes of those that the other one does not have
 */
export function optionWords(command: Command, own: readonly string[]): readonly string[] {
  return command.options.flatMap(option => {
    const attribute = option.attributeName();
    if (own.includes(attribute) || command.getOptionValueSource(attribute) !== 'cli') return [];
    const value: unknown = command.getOptionValue(attribute);
    const word = option.long ?? '';
    if (typeof value === 'boolean') return [option.negate || value ? word : word.replace('--', '--no-')];
    // An option that counts how often it is given.
    if (typeof value === 'number' && !option.required) return Array.from({ length: value }, () => word);
    return [value].flat().flatMap(each => [word, String(each)]);
  });
}

/** A command line in which an option has this value alone. */
export function withOption(words: readonly string[], option: string, value: string): readonly string[] {
  const others = words.filter(
    (word, at) => word !== option && !word.startsWith(`${option}=`) && words[at - 1] !== option,
  );
  return withOptions(others, [option, value]);
}

/** A command line with more options behind those that it has, which they overrule. */
export function withOptions(words: readonly string[], options: readonly string[]): readonly string[] {
  const end = words.indexOf('--');
  return words.toSpliced(end < 0 ? words.length : end, 0, ...options);
}
