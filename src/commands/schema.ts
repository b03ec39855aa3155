import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { exitCodes, HostwrightError } from '../errors.ts';
import { suggest } from '../language/suggest.ts';
import { editorSettings, schemaFile, schemaNames } from './shared/editor-settings.ts';

interface Flags {
  readonly path?: boolean;
  readonly vscode?: boolean;
}

/** `hostwright schema [NAME]` */
export function addSchema(program: Command, done: (exitCode: number) => void): void {
  program
    .command('schema')
    .description('Show the JSON Schemas of playbooks, roles, inventories and arguments, for editors.')
    .argument('[schema]', 'its name; without it, the names of all')
    .option('--path', 'where its file is, instead of its text')
    .option('--vscode', 'the settings with which VS Code uses all of them')
    .addHelpText(
      'after',
      `
Examples:
  hostwright schema playbook
  hostwright schema playbook --path
  hostwright schema --vscode > .vscode/settings.json`,
    )
    .action((name: string | undefined, flags: Flags) => {
      process.stdout.write(output(name, flags));
      done(exitCodes.done);
    });
}

function output(name: string | undefined, { path, vscode }: Flags): string {
  if (vscode) return editorSettings();
  if (name === undefined)
    return schemaNames()
      .map(each => `${path ? schemaFile(each) : each}\n`)
      .join('');
  const names = schemaNames();
  if (!names.includes(name)) {
    throw new HostwrightError('schema.unknown', `There is no schema "${name}".`, {
      hint: suggest(name, names) ?? 'See "hostwright schema" for their names.',
      exitCode: exitCodes.usage,
    });
  }
  return path ? `${schemaFile(name)}\n` : readFileSync(schemaFile(name), 'utf8');
}
