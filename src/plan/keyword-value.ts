import type { Written } from '../language/model.ts';
import { keywords } from '../language/parse/keywords.ts';
import { validate } from '../language/validate.ts';
import { ValueError } from '../values/errors.ts';
import type { Scope } from '../values/scope.ts';
import { convertTexts } from './arguments/convert-text.ts';

const schemas: Readonly<Record<string, object>> = { ...keywords.play, ...keywords.task };

/**
 * The value of a keyword, by its name in the language; where it is evaluated later, with this
 * scope. Null, as of `omit`, is as if the keyword were not there.
 * @throws UndefinedName, UnknownValue, ValueError also for a value that the keyword cannot have
 */
export function keywordValue(name: string, given: unknown, scope: Scope): unknown {
  if (!isWritten(given)) return given;
  const value = evaluateKeyword(name, given, scope);
  const [wrong] = value === undefined ? [] : validate(keywordSchema(name), value, name);
  if (!wrong) return value;
  const error = new ValueError(wrong.message, { hint: wrong.hint });
  error.place = given.part;
  throw error;
}

/** As {@link keywordValue}, but not yet compared with what the keyword can have. */
export function evaluateKeyword(name: string, { value, part }: Written, scope: Scope): unknown {
  const found = scope.evaluate(value, part) ?? undefined;
  return found === undefined ? undefined : convertTexts(keywordSchema(name), found, scope.texts(value));
}

/** What a keyword can have. */
export function keywordSchema(name: string): object {
  return schemas[name] ?? {};
}

/** Whether the value of a keyword is evaluated later. */
export function isWritten(given: unknown): given is Written {
  return typeof given === 'object' && given !== null && 'value' in given && 'part' in given;
}
