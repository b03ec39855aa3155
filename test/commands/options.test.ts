import assert from 'node:assert/strict';
import { Option } from 'commander';
import { settingOption } from '../../src/commands/settings/option.ts';
import { settingNames } from '../../src/commands/settings/table.ts';
import { flags } from '../../src/commands/shared/options.ts';

describe('the tables of options', () => {
  it('have each option under the name that commander gives its value', () => {
    const attributes = Object.values(flags).map(flag => new Option(flag.flags).attributeName());
    assert.deepEqual(attributes, Object.keys(flags));
  });

  it('give settings the names that their type says', () => {
    const attributes = settingNames.map(name => settingOption(name).attributeName());
    const camel = settingNames.map(name => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()));
    assert.deepEqual(attributes, camel);
  });
});
