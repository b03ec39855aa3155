import { type Diagnostic, diagnose, InvalidInput } from './diagnostic.ts';
import { foreignForm } from './foreign.ts';
import { hasEvaluated, inside, keyPositionOf, type Part, positionOf, type YamlSource } from './source.ts';
import { suggest } from './suggest.ts';
import { hintAt, validate } from './validate.ts';

/** Collects what is wrong, so that everything is told in one go. */
export interface Problems {
  /** A problem with the value of a part; with an offset, at a character of a text. */
  readonly add: (part: Part, message: string, hint?: string, offset?: number) => void;
  /** A problem with the key of a part. */
  readonly addAtKey: (part: Part, message: string, hint?: string) => void;
  /** Does work that may find a file invalid: its problems join the others, and the result is undefined. */
  readonly catch: <T>(work: () => T) => T | undefined;
  /** Does work that may add problems: then the result is undefined, as what is broken is left out. */
  readonly sound: <T>(work: () => T) => T | undefined;
  /** Whether something was left out before: what seems to be missing may be in that. */
  readonly incomplete: boolean;
  /** Compares a map with the keywords it may have. `what` names the map in messages. */
  readonly keywords: (
    raw: Readonly<Record<string, unknown>>,
    known: Readonly<Record<string, object>>,
    part: Part,
    what: string,
  ) => void;
  /** Compares a value with a schema; `message` is put before each problem. */
  readonly schema: (schema: object, value: unknown, part: Part) => void;
  /** Adds what is doubtful in a file. */
  readonly doubts: (source: YamlSource) => void;
  readonly list: () => readonly Diagnostic[];
  /** @throws InvalidInput if there is any. */
  readonly throwIfAny: () => void;
}

/** A collection that begins with what was found before, by which something was left out. */
export function collectProblems(before: readonly Diagnostic[] = []): Problems {
  const found: Diagnostic[] = [...before];
  const add = (part: Part, message: string, hint?: string, offset?: number) => {
    found.push(diagnose(part.source.text, positionOf(part, offset), message, hint));
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
  return {
    add,
    addAtKey,
    catch: work => {
      try {
        return work();
      } catch (error) {
        if (!(error instanceof InvalidInput)) throw error;
        found.push(...error.diagnostics);
        return undefined;
      }
    },
    sound: work => {
      const count = found.length;
      const result = work();
      return found.length === count ? result : undefined;
    },
    incomplete: before.some(({ doubt }) => !doubt),
    keywords: (raw, known, part, what) => {
      for (const [key, value] of Object.entries(raw)) {
        const place = { source: part.source, path: [...part.path, key] };
        const schema = known[key];
        if (!schema) {
          const hint = foreignForm(key, value) ?? suggest(key, Object.keys(known));
          addAtKey(
            place,
            `unknown keyword "${key}" of a ${what}`,
            hint ?? `Known here: ${Object.keys(known).join(', ')}.`,
          );
        } else if (value !== null && !('x-later' in schema && hasEvaluated(value))) {
          checkSchema(schema, value, place);
        }
      }
    },
    schema: checkSchema,
    doubts: ({ text, doubts }) => {
      for (const { at, message, hint } of doubts) found.push({ ...diagnose(text, at, message, hint), doubt: true });
    },
    list: () => found,
    throwIfAny: () => {
      if (found.length > 0) throw new InvalidInput(found);
    },
  };
}

/** A keyword that is one text or a list of them, as a list. */
export function plainList(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  const list = Array.isArray(value) ? value : String(value).split(',');
  return list.map(item => String(item).trim()).filter(item => item !== '');
}
