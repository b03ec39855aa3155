import type { Command, Option } from 'commander';

/** What a word may be, by the name that commander has for it: `pattern`, `file`, `module`; or one of a few words. */
export type Wanted = { readonly kind: string } | { readonly words: readonly string[] };

/** A command line that is being typed, up to its last word. */
export interface TypedLine {
  readonly command: Command;
  /** Arguments before the last word. */
  readonly args: readonly string[];
  /** Values of options before the last word, by long name; in the order in which they were given. */
  readonly options: ReadonlyMap<string, readonly string[]>;
  /** What the last word is, or the part of it behind `--option=`. */
  readonly current: string;
  /** What stands before that part: `--option=`. */
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
      const option = findOption(command, word);
      const value = /^--[^=]+=(.*)$/.exec(word)?.[1];
      if (option && value !== undefined) keep(option, value);
      else if (option && takesValue(option)) open = option;
    } else if (args.length === 0 && sub) command = sub;
    else args.push(word);
  }
  const base = { command, args, options };
  if (open) return { ...base, current: last, before: '', wanted: wantedBy(open) };
  const assigned = isPlain ? null : /^(--[^=]+=)(.*)$/.exec(last);
  const option = assigned ? findOption(command, last) : undefined;
  if (assigned && option)
    return { ...base, current: assigned[2] ?? '', before: assigned[1] ?? '', wanted: wantedBy(option) };
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

function findOption(command: Command, word: string): Option | undefined {
  const name = word.replace(/=.*$/s, '');
  return command.options.find(({ long, short }) => long === name || short === name);
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

function nameOf(option: Option): string {
  return option.long ?? option.short ?? '';
}
