import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { exitCodes, HostwrightError } from '../errors.ts';
import { findRole, listRoles, type RolePath, readRole } from '../language/parse/read-role.ts';
import { suggest } from '../language/suggest.ts';
import { modules } from '../modules/index.ts';
import { actions } from '../run/actions/index.ts';
import { functions } from '../values/functions/index.ts';
import { settingOption } from './settings/option.ts';
import { findCallable, vocabulary } from './shared/catalogue.ts';
import { functionsText, functionText, keywordText, moduleText, schemaTable } from './shared/doc-text.ts';
import { foreignPage } from './shared/foreign-words.ts';
import { roleTitle } from './shared/role-title.ts';
import { type RoleFlags, rolePath } from './shared/sources.ts';

/** `hostwright doc [NAME…]` */
export function addDoc(program: Command, done: (exitCode: number) => void): void {
  program
    .command('doc')
    .description('Explain modules, actions, roles, keywords and functions.')
    .argument('[name...]', 'names to explain (default: list everything)')
    .addOption(settingOption('roles_path'))
    .addOption(settingOption('roles_file'))
    .addHelpText(
      'after',
      '\nExamples:\n  hostwright doc                all that there is\n  hostwright doc ' +
        'lvm_vg lvm-pool\n  hostwright doc functions      what templates and expressions can ' +
        'call',
    )
    .action((names: string[], flags: RoleFlags) => {
      const path = rolePath(flags);
      const texts = names.length === 0 ? [overview(path)] : names.map(name => explain(name, path));
      process.stdout.write(`${texts.join('\n\n')}\n`);
      done(0);
    });
}

function overview(path: RolePath): string {
  const row = (name: string, summary: string) => `  ${name.padEnd(20)} ${summary}`;
  const roles = listRoles(path).map(name => row(name, roleTitle(findRole(name, path) ?? '')));
  return [
    'Modules (they concern a host):',
    ...modules.map(({ name, summary }) => row(name, summary)),
    '',
    'Actions (they concern the run):',
    ...actions.map(({ name, summary }) => row(name, summary)),
    '',
    'Roles:',
    ...roles,
    '',
    'Language:',
    row('functions', 'What templates and expressions can call.'),
  ].join('\n');
}

function explain(name: string, path: RolePath): string {
  if (name === 'functions') return functionsText();
  const callable = findCallable(name);
  const directory = findRole(name, path);
  // A role may have the name of the module that it is made around.
  if (callable) return [moduleText(callable), ...(directory ? [roleText(name, directory)] : [])].join('\n\n');
  if (!directory) {
    const word = functionText(name) ?? keywordText(name);
    if (word === undefined) throw unknownName(name, path);
    return word;
  }
  return roleText(name, directory);
}

function unknownName(name: string, path: RolePath): HostwrightError {
  const known = [...modules.map(each => each.name), ...actions.map(each => each.name), ...listRoles(path), 'functions'];
  const hint = foreignPage(name) ?? suggest(name, [...known, ...functions.map(each => each.name)]);
  return new HostwrightError('doc.unknown', `There is no module, action, role, keyword or function "${name}".`, {
    hint: hint ?? 'See "hostwright doc" for all that there is.',
    exitCode: exitCodes.usage,
  });
}

function roleText(name: string, directory: string): string {
  const { schema } = readRole(name, directory, vocabulary);
  const readme = join(directory, 'README.md');
  const about = existsSync(readme) ? readFileSync(readme, 'utf8').trimEnd() : `# Role ${name}`;
  const summary = (schema?.value.description as string | undefined) ?? '';
  const head = existsSync(readme) || summary === '' ? about : `${about}\n\n${summary}`;
  return schema ? `${head}\n\n## All parameters\n\n${schemaTable(schema.value)}` : head;
}
