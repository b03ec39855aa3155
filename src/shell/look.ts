import { accept } from './answer.ts';
import type { ShellText } from './quote.ts';
import { type Answer, type Output, type Script, script } from './script.ts';

/**
 * A look at a host: what it asks, and how it reads the answer. A look is a value: looks are put
 * together with {@link all}, and what they see has a type.
 */
export interface Look<T> {
  /** Reads only: it may run at any time, any number of times, in check mode too. */
  readonly probe: Script;
  /**
   * Accepts only what it knows: any other exit code or text is a `CannotTell`, never "not there".
   * @param foretold in check mode, takes the place of what the host has
   * @throws CannotTell
   */
  readonly read: (answer: Answer, foretold?: Foretold) => T;
}

/**
 * What earlier tasks of check mode would have left, as texts by keys that the looks which read
 * them know.
 */
export type Foretold = ReadonlyMap<string, string>;

/** What a look sees. */
export type Seen<L> = L extends Look<infer T> ? T : undefined;

/** Looks by the names of what they see; one that does not apply is undefined, and sees that. */
export type Looks = Readonly<Record<string, Look<unknown> | undefined>>;

/** The name of a section that is the only or first one of its look: that of the look in `all`. */
export const own = '';

/** A look of named sections; the one named {@link own} is called as its look is. */
export function look<T>(
  sections: Readonly<Record<string, ShellText>>,
  read: Look<T>['read'],
  options: { limit?: number } = {},
): Look<T> {
  return Object.freeze({ probe: script(sections, options), read });
}

/**
 * A look of one section, whose program must leave with one of these exit codes.
 * @param program what runs, for the message of a `CannotTell`; 127 names it as needed.
 */
export function ask(program: string, text: ShellText, codes: readonly number[] = [0]): Look<Output> {
  return look({ [own]: text }, answer => accept(answer, own, codes, program));
}

/** As {@link ask}; what it sees is what the program prints on stdout. */
export function printed(program: string, text: ShellText, codes?: readonly number[]): Look<string> {
  return map(ask(program, text, codes), ({ stdout }) => stdout);
}

/** The same look, which sees what `read` makes of it. */
export function map<T, U>({ probe, read }: Look<T>, change: (seen: T) => U): Look<U> {
  return Object.freeze({ probe, read: (answer: Answer, foretold?: Foretold) => change(read(answer, foretold)) });
}

/** As {@link map}, of what an earlier task of check mode may have changed. */
export function foreseeing<T, U>({ probe, read }: Look<T>, change: (seen: T, foretold: Foretold) => U): Look<U> {
  const see = (answer: Answer, foretold: Foretold = nothing) => change(read(answer, foretold), foretold);
  return Object.freeze({ probe, read: see });
}

const nothing: Foretold = new Map();

/**
 * The same look, which reads its answer only when it is asked for: where another look says whether
 * this one counts, since a look that cannot tell ends the task.
 */
export function later<T>({ probe, read }: Look<T>): Look<() => T> {
  return Object.freeze({ probe, read: (answer: Answer, foretold?: Foretold) => () => read(answer, foretold) });
}

/** The same look, which may take so many seconds. */
export function within<T>(seconds: number, { probe, read }: Look<T>): Look<T> {
  return Object.freeze({ probe: Object.freeze({ ...probe, limit: seconds }), read });
}

/**
 * Several looks as one, which sees all that they see, in one round trip. The sections of each have
 * a scope of their own: that of `file` are `file`, `file.hash`. The longest of their limits holds.
 */
export function all<const L extends Looks>(looks: L): Look<{ readonly [Key in keyof L]: Seen<L[Key]> }> {
  const entries = Object.entries(looks).flatMap(([key, one]) => (one ? [[key, one] as const] : []));
  const limits = entries.flatMap(([, { probe }]) => probe.limit ?? []);
  const probe: Script = Object.freeze({
    sections: Object.freeze(entries.flatMap(([key, one]) => scoped(key, one.probe))),
    ...(limits.length > 0 && { limit: Math.max(...limits) }),
  });
  const read = (answer: Answer, foretold?: Foretold) => {
    const answers = answersByKey(answer);
    return Object.fromEntries(entries.map(([key, one]) => [key, one.read(answers.get(key) ?? {}, foretold)]));
  };
  return Object.freeze({ probe, read: read as never });
}

/** The same look at each of a list, in one round trip. */
export function each<Item, T>(items: readonly Item[], lookAt: (item: Item) => Look<T>): Look<readonly T[]> {
  const looks = Object.fromEntries(items.map((item, index) => [String(index), lookAt(item)]));
  return map(all(looks), seen => items.map((_, index) => seen[String(index)] as T));
}

function scoped(key: string, { sections }: Script): Script['sections'] {
  return sections.map(section =>
    Object.freeze({ ...section, name: section.name === own ? key : `${key}.${section.name}` }),
  );
}

/** What each look has for an answer, by its key, which has no dot in it. */
function answersByKey(answer: Answer): ReadonlyMap<string, Answer> {
  const answers = new Map<string, Record<string, Output>>();
  for (const [name, output] of Object.entries(answer)) {
    const at = name.indexOf('.');
    const key = at < 0 ? name : name.slice(0, at);
    const inner = answers.get(key) ?? {};
    inner[at < 0 ? own : name.slice(at + 1)] = output;
    answers.set(key, inner);
  }
  return answers;
}
