import { Ajv } from 'ajv';
import { messageOf } from '../errors.ts';
import { options, vocabulary } from './schema-vocabulary.ts';
import { isMap } from './source.ts';
import { suggest } from './suggest.ts';
import { problemsOf, type SchemaProblem } from './validate.ts';

let strict: Ajv | undefined;

/** What is wrong with a JSON Schema itself, and where in it; undefined if nothing is. */
export function schemaFault(schema: object): SchemaProblem | undefined {
  strict ??= new Ajv(options).addVocabulary(vocabulary);
  if (strict.validateSchema(schema) !== true) return problemsOf(strict.errors ?? [], schema)[0];
  try {
    strict.compile(schema);
    return undefined;
  } catch (error) {
    return strictFault(messageOf(error), schema, Object.keys(strict.RULES.keywords));
  }
}

/** What only the strict mode finds: of a keyword that there is not, it says no place. */
function strictFault(message: string, schema: object, known: readonly string[]): SchemaProblem {
  const keyword = /unknown keyword: "(.*)"$/.exec(message)?.[1];
  if (keyword === undefined) return { path: [], atKey: false, message };
  const hint = suggest(keyword, known);
  const path = pathOfKey(schema, keyword) ?? [];
  return { path, atKey: true, message: `there is no keyword "${keyword}"`, ...(hint === undefined ? {} : { hint }) };
}

/** Where a key is first, from the outside to the inside. */
function pathOfKey(value: unknown, key: string): readonly string[] | undefined {
  if (!isMap(value)) return undefined;
  if (Object.hasOwn(value, key)) return [key];
  for (const [name, inner] of Object.entries(value)) {
    const path = pathOfKey(inner, key);
    if (path) return [name, ...path];
  }
  return undefined;
}
