import type { Command } from 'commander';
import { exitCodes, HostwrightError } from '../errors.ts';
import { findRole, listRoles, type RolePath, readRole } from '../language/parse/read-role.ts';
import { suggest } from '../language/suggest.ts';
import { playbookOf, readArguments } from './shared/ad-hoc.ts';
import { type BeforeFlags, beforeOptions } from './shared/before-run.ts';
import { vocabulary } from './shared/catalogue.ts';
import { type Continuing, execute } from './shared/execute.ts';
import { secretsIn } from './shared/open-secrets.ts';
import { connectionOptions, inventoryOptions, type RunFlags, runOptions, tagOptions } from './shared/options.ts';
import { openInventory, rolePath } from './shared/sources.ts';

/** `hostwright role PATTERN ROLE [PARAMETER…]` */
export function addRole(program: Command, done: (exitCode: number) => void, more?: Continuing): void {
  const command = program
    .command('role')
    .description('Run one role on hosts, now.')
    .argument('<pattern>', 'which hosts')
    .argument('<role>', 'which role')
    .argument('[parameters...]', 'k=v, a JSON map, or @FILE');
  beforeOptions(connectionOptions(runOptions(tagOptions(inventoryOptions(command)))))
    .addHelpText(
      'after',
      `
Examples:
  hostwright role hv1 hugepages size=2M total=1G --check --diff
  hostwright role hv1 lvm-pool vg=guests devices=/dev/disk/by-id/nvme-eui.0025`,
    )
    .action(async (pattern: string, name: string, words: string[], flags: RunFlags & BeforeFlags) => {
      const schema = roleSchema(name, rolePath(flags));
      const vars = readArguments(words, schema, undefined);
      const playbook = playbookOf({ name: `role ${name}`, hosts: pattern, roles: [{ role: name, vars }] });
      const survey = () => openInventory(flags.inventory);
      const job = {
        title: `role ${name}`,
        playbooks: [playbook],
        survey,
        isKept: true,
        ...more,
        secrets: secretsIn(vars),
      };
      done(await execute(job, flags));
    });
}

function roleSchema(name: string, searchPath: RolePath): { readonly properties: Readonly<Record<string, object>> } {
  const directory = findRole(name, searchPath);
  if (!directory) {
    const hint = suggest(name, listRoles(searchPath)) ?? `Roles: ${listRoles(searchPath).join(', ')}.`;
    throw new HostwrightError('role.unknown', `There is no role "${name}".`, { hint, exitCode: exitCodes.usage });
  }
  const { schema } = readRole(name, directory, vocabulary);
  return { properties: (schema?.value.properties ?? {}) as Readonly<Record<string, object>> };
}
