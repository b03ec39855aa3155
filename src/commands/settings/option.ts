import { InvalidArgumentError, Option } from 'commander';
import { optionName, type SettingName, settingOf } from './table.ts';

/**
 * The option of a setting. What the environment and hostwright.yml say is put under it before a
 * command acts.
 */
export function settingOption(name: SettingName): Option {
  const { short, takes, summary, schema, default: usual } = settingOf(name);
  const words = [short === undefined ? '' : `${short}, `, optionName(name), takes === undefined ? '' : ` ${takes}`];
  const option = new Option(words.join(''), summary);
  if (schema.enum !== undefined) option.choices(schema.enum);
  if (schema.type === 'integer') option.argParser(wholeNumber(schema.minimum ?? 0));
  if (schema.type === 'array')
    option.default([]).argParser((value: string, before: readonly string[]) => [...before, value]);
  return usual === undefined ? option : option.default(usual);
}

/** Reads the value of an option that is a number. @throws InvalidArgumentError */
export function wholeNumber(minimum: number): (text: string) => number {
  return text => {
    if (/^\d+$/.test(text) && Number(text) >= minimum) return Number(text);
    throw new InvalidArgumentError(`It must be a whole number from ${minimum} up.`);
  };
}
