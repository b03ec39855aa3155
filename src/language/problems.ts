import { type Diagnostic, diagnose, InvalidInput } from './diagnostic.ts';
import { type Findings, type Notes, nothingFound, takeNotes } from './findings.ts';
import { foreignForm } from './foreign.ts';
import { pastable } from './pastable.ts';
import { hasEvaluated, inside, keyPositionOf, type Part, positionOf, type YamlSource } from './source.ts';
import { suggest } from './suggest.ts';
import { hintAt, validate } from './validate.ts';

/** Collects what is wrong, so that everything is told in one go. */
export interface Problems extends Pick<Notes, 'leaveOut' | 'mayHave'> {
  /** A problem with the value of a part; with an offset, at a character of a text. */
  readonly add: (part: Part, message: string, hint?: string, offset?: number) => void;
  /** A problem with the key of a part. */
  readonly addAtKey: (part: Part, message: string, hint?: string) => void;
  /**
   * Does work that may find a file invalid: its problems join the others, and the result is
   * undefined.
   */
  readonly catch: <T>(work: () => T) => T | undefined;
  /**
   * Reads a file that may be invalid. The result is what can be read in spite of its problems, if
   * anything can.
   */
  readonly read: (work: () => YamlSource) => YamlSource | undefined;
  /**
   * Does work that may add problems: then the result is undefined, as what is broken is left out.
   */
  readonly sound: <T>(work: () => T) => T | undefined;
  /**
   * Compares a map with the keywords it may have. `what` names the map in messages: "a play".
   * @returns the keywords that are known and have a value that they can have; the others are left
   * out
   */
  readonly keywords: (
    raw: Readonly<Record<string, unknown>>,
    known: Readonly<Record<string, object>>,
    part: Part,
    what: string,
  ) => Readonly<Record<string, unknown>>;
  /** Compares a value with a schema; `message` is put before each problem. */
  readonly schema: (schema: object, value: unknown, part: Part) => void;
  /** Adds what is doubtful in a file; `variables` is all that is in it. */
  readonly doubts: (source: YamlSource, of?: 'variables') => void;
  readonly list: () => readonly Diagnostic[];
  readonly findings: () => Findings;
  /** @throws InvalidInput if there is any. */
  readonly throwIfAny: () => void;
}

/** A collection that begins with what was found before. */
export function collectProblems(before: Findings = nothingFound): Problems {
  const found: Diagnostic[] = [...before.diagnostics];
  const { leaveOut, mayHave, leftOut } = takeNotes(before.leftOut);
  const add = (part: Part, message: string, hint?: string, offset?: number) => {
    const told = hint === undefined ? undefined : pastable(hint, part);
    found.push(diagnose(part.source.text, positionOf(part, offset), message, told));
  };
  const addAtKey = (part: Part, message: string, hint?: string) => {
    found.push(diagnose(part.source.text, keyPositionOf(part), message, hint));
  };
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
    read: work =>
      catchInvalid(work, error => {
        lose(error);
        return error.broken?.rest;
      }),
    sound,
    leaveOut,
    mayHave,
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
    doubts: ({ text, doubts }, of) => {
      const told = doubts.filter(({ inText }) => of === 'variables' || !inText);
      for (const { at, message, hint } of told) found.push({ ...diagnose(text, at, message, hint), doubt: true });
    },
    list: () => found,
    findings: () => Object.freeze({ diagnostics: [...found], leftOut: leftOut() }),
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
