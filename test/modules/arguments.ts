import { createHash } from 'node:crypto';
import { Ajv, type ValidateFunction } from 'ajv';
import type { ArgsOf, ObjectSchema } from '../../src/callable.ts';
import type { AnyModule, Context } from '../../src/modules/module.ts';
import { fillDefaults } from '../../src/plan/arguments/fill.ts';
import { inBytes } from '../../src/plan/arguments/in-bytes.ts';
import type { LocalFile } from '../../src/transfers.ts';

const ajv = new Ajv({ useDefaults: true, strict: false, allErrors: true });

/** To compile a schema takes far longer than to check a row. */
const validators = new Map<AnyModule, ValidateFunction>();

/** Fills in defaults and checks arguments as the engine does before a run. */
export function checkArguments(
  module: AnyModule,
  given: object,
): { args: Record<string, unknown>; problems: string[] } {
  const filled = structuredClone(given) as Record<string, unknown>;
  const validate = validators.get(module) ?? ajv.compile(module.args);
  validators.set(module, validate);
  if (!validate(filled))
    return { args: filled, problems: ajv.errorsText(validate.errors, { dataVar: module.name }).split(', ') };
  const args = inBytes(module.args, filled) as Record<string, unknown>;
  return { args, problems: (module.problems?.(args) ?? []).map(({ argument, message }) => `${argument}: ${message}`) };
}

/** Arguments of a function with the defaults of their schema. */
export function withDefaults<const Schema extends ObjectSchema>(
  schema: Schema,
  given: Partial<ArgsOf<Schema>>,
): ArgsOf<Schema> {
  return fillDefaults(schema, given, false) as ArgsOf<Schema>;
}

type GivenFile = string | Partial<LocalFile>;

/** A context whose files are given by their text. */
export function contextOf(
  files: Readonly<Record<string, GivenFile>> = {},
  local?: { readonly path: string; readonly file?: GivenFile },
): Context {
  return {
    pending: [],
    ...(local && { local: { path: local.path, ...(local.file !== undefined && { file: localFile(local.file) }) } }),
    files: Object.fromEntries(Object.entries(files).map(([argument, given]) => [argument, localFile(given)])),
  };
}

function localFile(given: GivenFile): LocalFile {
  const text = typeof given === 'string' ? given : given.text;
  const sha256 = createHash('sha256')
    .update(text ?? '')
    .digest('hex');
  const base = {
    kind: 'file',
    path: '/controller/file',
    size: Buffer.byteLength(text ?? ''),
    sha256,
    mode: '0644',
  } as const;
  return { ...base, ...(text !== undefined && { text }), ...(typeof given === 'object' && given) };
}
