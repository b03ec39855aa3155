import { optionName, pathInFile, type SettingName, settingNames, settingOf, variableName } from './table.ts';

/** The form of hostwright.yml, as a JSON Schema. */
export const projectFileSchema = mapOf(
  [...Map.groupBy(settingNames, name => settingOf(name).within ?? name)].map(([key, names]) => [
    key,
    isSetting(key) ? schemaOf(key) : mapOf(names.map(name => [pathInFile(name).at(-1) ?? name, schemaOf(name)])),
  ]),
);

function mapOf(properties: readonly (readonly [string, object])[]) {
  return { type: 'object', additionalProperties: false, properties: Object.fromEntries(properties) };
}

function isSetting(key: string): key is SettingName {
  return settingNames.some(name => name === key);
}

function schemaOf(name: SettingName): object {
  const { schema, summary, default: usual } = settingOf(name);
  const description = `${summary} (${optionName(name)}, ${variableName(name)})`;
  return { ...schema, description, ...(usual === undefined ? {} : { default: usual }) };
}
