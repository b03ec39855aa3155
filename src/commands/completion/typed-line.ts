import type { Command, Option } from 'commander';

/**
 * What a word may be, by the name that commander has for it: `pattern`, `file`, `module`; or one of
 * a few words.
 */
export type Wanted = { readonly kind: string } | { readonly words: readonly string[] };

/** A command line that is being typed, up to its last word. */
export interface TypedLine {
  readonly command: Command;
  /** Arguments before the last word. */
  readonly args: readonly string[];
  /**
   * Values of options before the last word, by long name; in the order in which they were given.
   */
  readonly options: ReadonlyMap<string, readonly string[]>;
  /** What the last word is, or the part of it behind `--option=` or `-o`. */
  readonly current: string;
  /** What stands before that part: `--option=`, `-o`. */
  readonly before: string;
  /** What the last word is; undefined where the command takes nothing more. */
  readonly wanted: Wanted | undefined;
}

/**
 * Reads a line that is being typed.
 * @param words all that follows `hostwright`; the last one is being typed and may be empty.
 */
export function readTypedLine(program: Command, words: readonly string[]): TypedLine {
  const [last = ''] = words.slice(-1);
  let command = program;
  let open: Option | undefined;
  let isPlain = false;
  const args: string[] = [];
  const options = new Map<string, string[]>();
  const keep = (option: Option, value: string) =>
    options.set(nameOf(option), [...(options.get(nameOf(option)) ?? []), value]);
  for (const word of words.slice(0, -1)) {
    const sub = command.commands.find(each => each.name() === word);
    if (open) {
      keep(open, word);
      open = undefined;
    } else if (word === '--') isPlain = true;
    else if (!isPlain && word.startsWith('-')) {
      const taking = optionWithValue(command, word);
      if (taking?.value !== undefined) keep(taking.option, taking.value);
      else open = taking?.option;
    } else if (args.length === 0 && sub) command = sub;
    else args.push(word);
  }
  const base = { command, args, options };
  if (open) return { ...base, current: last, before: '', wanted: wantedBy(open) };
  const { option, before, value } = (isPlain ? undefined : optionWithValue(command, last)) ?? {};
  if (option && before !== undefined && value !== undefined)
    return { ...base, current: value, before, wanted: wantedBy(option) };
  if (!isPlain && last.startsWith('-')) return { ...base, current: last, before: '', wanted: { kind: 'option' } };
  return { ...base, current: last, before: '', wanted: argumentAt(command, args.length) };
}

function argumentAt(command: Command, index: number): Wanted | undefined {
  if (index === 0 && command.commands.length > 0) return { kind: 'command' };
  const all = command.registeredArguments;
  const argument = all[index] ?? (all.at(-1)?.variadic ? all.at(-1) : undefined);
  if (argument === undefined) return undefined;
  return argument.argChoices ? { words: argument.argChoices } : { kind: argument.name() };
}

function wantedBy(option: Option): Wanted {
  if (option.argChoices) return { words: option.argChoices };
  return { kind: /<([^>.]+)/.exec(option.flags)?.[1] ?? '' };
}

interface OptionWithValue {
  readonly option: Option;
  /** What stands before the value: `--limit=`, `-l`, `-bl`. */
  readonly before: string;
  /** Undefined where it is the next word. */
  readonly value: string | undefined;
}

/**
 * The option of a word that takes a value: `--limit=web1`, `-l`, `-lweb1`, or at the end of
 * several, `-blweb1`.
 */
function optionWithValue(command: Command, word: string): OptionWithValue | undefined {
  if (word.startsWith('--')) {
    const [, name = '', value] = /^(--[^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    const option = command.options.find(({ long }) => long === name);
    return option && (takesValue(option) || value !== undefined) ? { option, before: `${name}=`, value } : undefined;
  }
  if (!word.startsWith('-')) return undefined;
  for (let end = 2; end <= word.length; end += 1) {
    const option = command.options.find(({ short }) => short === `-${word[end - 1]}`);
    if (!option) return undefined;
    if (takesValue(option)) return { option, before: word.slice(0, end), value: word.slice(end) || undefined };
  }
  return undefined;
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

function nameOf(option: Option): string {
  return option.long ?? option.short ?? '';
}
