import { optionName, pathInFile, settingNames, settingOf, variableName } from '../../src/commands/settings/table.ts';

const [from, to] = ['<!-- settings: npm run docs writes this table -->', '<!-- end of settings -->'];

/** docs/settings.md with the table of settings as the code has them. */
export function withSettings(page: string): string {
  const start = page.indexOf(from);
  const end = page.indexOf(to);
  if (start < 0 || end < start) throw new Error(`the page has no "${from}" with "${to}" after it`);
  return `${page.slice(0, start)}${from}\n${table()}${page.slice(end)}`;
}

function table(): string {
  const rows = settingNames.map(name => {
    const { summary, schema, default: usual } = settingOf(name);
    const values = schema.enum === undefined ? '' : `: ${schema.enum.map(value => `\`${value}\``).join(', ')}`;
    const cells = [pathInFile(name).join('.'), optionName(name), variableName(name)].map(cell => `\`${cell}\``);
    return `| ${[...cells, `${summary}${values}`, usual === undefined ? '' : `\`${usual}\``].join(' | ')} |\n`;
  });
  return `| key | option | variable | what it says | default |\n| --- | --- | --- | --- | --- |\n${rows.join('')}`;
}
