import { exitCodes, HostwrightError } from '../../errors.ts';
import { validate } from '../../language/validate.ts';
import { type SettingName, settingOf, variableName } from './table.ts';

/**
 * What the environment says of a setting; undefined where its variable is not set, or empty.
 * @throws HostwrightError `settings.environment` for a value that the setting cannot have
 */
export function fromEnvironment(name: SettingName): unknown {
  const variable = variableName(name);
  const text = process.env[variable] ?? '';
  if (text === '') return undefined;
  const value = readText(name, text);
  const [problem] = validate(settingOf(name).schema, value, variable);
  if (problem === undefined) return value;
  throw new HostwrightError('settings.environment', `In the environment, ${problem.message}.`, {
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
    exitCode: exitCodes.usage,
  });
}

function readText(name: SettingName, text: string): unknown {
  const { schema, separator } = settingOf(name);
  if (schema.type === 'array') return separator === undefined ? [text] : text.split(separator).filter(Boolean);
  if (schema.type === 'integer' && /^\d+$/.test(text)) return Number(text);
  if (schema.type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  return text;
}
