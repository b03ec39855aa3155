import { optionName, settingNames, settingOf, variableName } from './table.ts';

/** The form of hostwright.yml, as a JSON Schema. */
export const projectFileSchema = {
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(
    settingNames.map(name => {
      const { schema, summary, default: usual } = settingOf(name);
      const description = `${summary} (${optionName(name)}, ${variableName(name)})`;
      return [name, { ...schema, description, ...(usual === undefined ? {} : { default: usual }) }];
    }),
  ),
};
