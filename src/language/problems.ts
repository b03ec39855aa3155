import { type Diagnostic, diagnose, InvalidInput } from './diagnostic.ts';
import { foreignForm } from './foreign.ts';
import { hasEvaluated, inside, isMap, keyPositionOf, type Part, positionOf, type YamlSource } from './source.ts';
import { suggest } from './suggest.ts';
import { hintAt, validate } from './validate.ts';

/** What is wrong with input, and what is therefore not in what was read of it. */
export interface Findings {
  readonly diagnostics: readonly Diagnostic[];
  /** Texts of what was left out: names that seem to be missing may be in them. */
  readonly lost: readonly string[];
  /** Something is missing of which no text is known, as a role that is not there. */
  readonly lostMore: boolean;
}

/** Findings of input in which nothing is wrong. */
export const nothingFound: Findings = Object.freeze({ diagnostics: [], lost: [], lostMore: false });

/** The findings of several inputs as those of one. */
export function joinFindings(parts: readonly Findings[]): Findings {
  return {
    diagnostics: parts.flatMap(({ diagnostics }) => diagnostics),
    lost: parts.flatMap(({ lost }) => lost),
    lostMore: parts.some(({ lostMore }) => lostMore),
  };
}

/** Collects what is wrong, so that everything is told in one go. */
export interface Problems {
  /** A problem with the value of a part; with an offset, at a character of a text. */
  readonly add: (part: Part, message: string, hint?: string, offset?: number) => void;
  /** A problem with the key of a part. */
  readonly addAtKey: (part: Part, message: string, hint?: string) => void;
  /** Does work that may find a file invalid: its problems join the others, and the result is undefined. */
  readonly catch: <T>(work: () => T) => T | undefined;
  /** Reads a file that may be invalid. The result is what can be read in spite of its problems, if anything can. */
  readonly read: (work: () => YamlSource) => YamlSource | undefined;
  /** Does work that may add problems: then the result is undefined, as what is broken is left out. */
  readonly sound: <T>(work: () => T) => T | undefined;
  /** Notes what is left out of what is read: a part of a file, or something of which no text is known. */
  readonly leaveOut: (what?: unknown) => void;
  /** Whether what was left out may have this name in it. */
  readonly mayHave: (name: string) => boolean;
  /**
   * Compares a map with the keywords it may have. `what` names the map in messages: "a play".
   * @returns the keywords that are known and have a value that they can have; the others are left out
   */
  readonly keywords: (
    raw: Readonly<Record<string, unknown>>,
    known: Readonly<Record<string, object>>,
    part: Part,
    what: string,
  ) => Readonly<Record<string, unknown>>;
  /** Compares a value with a schema; `message` is put before each problem. */
  readonly schema: (schema: object, value: unknown, part: Part) => void;
  /** Adds what is doubtful in a file. */
  readonly doubts: (source: YamlSource) => void;
  readonly list: () => readonly Diagnostic[];
  readonly findings: () => Findings;
  /** @throws InvalidInput if there is any. */
  readonly throwIfAny: () => void;
}

/** A collection that begins with what was found before. */
export function collectProblems(before: Findings = nothingFound): Problems {
  const found: Diagnostic[] = [...before.diagnostics];
  const lost: string[] = [...before.lost];
  let { lostMore } = before;
  const add = (part: Part, message: string, hint?: string, offset?: number) => {
    found.push(diagnose(part.source.text, positionOf(part, offset), message, hint));
  };
  const addAtKey = (part: Part, message: string, hint?: string) => {
    found.push(diagnose(part.source.text, keyPositionOf(part), message, hint));
  };
  function leaveOut(what?: unknown): void {
    if (what === undefined) lostMore = true;
    else lost.push(typeof what === 'string' ? what : JSON.stringify(what));
    // The variable of a loop that is written in Ansible's way.
    if (isMap(what) && Object.keys(what).some(key => key.startsWith('with_'))) lost.push('item');
  }
  function checkSchema(schema: object, value: unknown, part: Part): void {
    const name = part.path.findLast(step => typeof step === 'string');
    for (const problem of validate(schema, value, name)) {
      const place = inside(part, ...problem.path);
      const tell = problem.atKey ? addAtKey : add;
      tell(place, problem.message, hintAt(problem, place));
    }
  }
  function catchInvalid<T>(work: () => T, rest: (error: InvalidInput) => T | undefined): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      found.push(...error.diagnostics);
      return rest(error);
    }
  }
  function lose({ broken }: InvalidInput): undefined {
    leaveOut(broken?.text);
  }
  function sound<T>(work: () => T): T | undefined {
    const count = found.length;
    const result = work();
    return found.length === count ? result : undefined;
  }
  function checkKeyword(key: string, value: unknown, { known, part, what }: KnownKeywords): boolean {
    const place = inside(part, key);
    const schema = known[key];
    if (!schema) {
      const hint = foreignForm(key, value) ?? suggest(key, Object.keys(known));
      const all = `Known here: ${Object.keys(known).join(', ')}.`;
      addAtKey(place, `unknown keyword "${key}" of ${what}`, hint ?? all);
    } else if (value !== null && !('x-later' in schema && hasEvaluated(value))) {
      checkSchema(schema, value, place);
    }
    return schema !== undefined;
  }
  return {
    add,
    addAtKey,
    catch: work => catchInvalid(work, lose),
    read: work => catchInvalid(work, error => error.broken?.rest ?? lose(error)),
    sound,
    leaveOut,
    mayHave: name => lostMore || lost.some(text => text.includes(name)),
    keywords: (raw, known, part, what) => {
      const entries = Object.entries(raw);
      const [kept, broken] = [[] as typeof entries, [] as typeof entries];
      for (const entry of entries) {
        const isSound = sound(() => checkKeyword(...entry, { known, part, what })) ?? false;
        (isSound ? kept : broken).push(entry);
      }
      if (broken.length > 0) leaveOut(Object.fromEntries(broken));
      return Object.fromEntries(kept);
    },
    schema: checkSchema,
    doubts: ({ text, doubts }) => {
      for (const { at, message, hint } of doubts) found.push({ ...diagnose(text, at, message, hint), doubt: true });
    },
    list: () => found,
    findings: () => Object.freeze({ diagnostics: [...found], lost: [...lost], lostMore }),
    throwIfAny: () => {
      if (found.length > 0) throw new InvalidInput(found);
    },
  };
}

/** The keywords that a map may have, and where it is. */
interface KnownKeywords {
  readonly known: Readonly<Record<string, object>>;
  readonly part: Part;
  readonly what: string;
}

/** A keyword that is one text or a list of them, as a list. */
export function plainList(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  const list = Array.isArray(value) ? value : String(value).split(',');
  return list.map(item => String(item).trim()).filter(item => item !== '');
}
