import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { type Diagnostic, InvalidInput } from '../language/diagnostic.ts';
import { readPlaybook } from '../language/parse-playbook.ts';
import { readRole } from '../language/read-role.ts';
import { isMap } from '../language/source.ts';
import { readYaml } from '../language/yaml.ts';
import { openPinnedRoles } from '../pinned/pinned-roles.ts';
import { isRolesFile } from '../pinned/wanted.ts';
import { preflight } from '../plan/preflight.ts';
import { catalogue, vocabulary } from './catalogue.ts';
import { preparePlan } from './execute.ts';
import { readExtraVars } from './extra-vars.ts';
import { inventoryOptions, type RunFlags } from './options.ts';
import { inventorySources, openInventory } from './sources.ts';

/** `hostwright lint PATH…` */
export function addLint(program: Command, done: (exitCode: number) => void): void {
  inventoryOptions(
    program.command('lint').description('Find what is wrong in playbooks and roles, without touching a host.'),
  )
    .argument('<path...>', 'playbooks, roles, or folders of them')
    .addHelpText(
      'after',
      `
Examples:
  hostwright lint playbooks roles
  hostwright lint playbooks/site.yml -i inventory.yml   also what is wrong for these hosts
Without -i it takes the inventory that play takes.`,
    )
    .action((paths: string[], flags: RunFlags) => {
      const files = paths.flatMap(findFiles);
      const problems = files.flatMap(file => problemsOf(file, flags));
      if (problems.length > 0) throw new InvalidInput(problems);
      process.stdout.write(`${files.length} file${files.length === 1 ? '' : 's'} without a problem\n`);
      done(0);
    });
}

/** Playbooks of a folder, and its roles (folders with tasks, handlers, or a schema). */
function findFiles(path: string): readonly string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
  if (isRole(path)) return [path];
  return readdirSync(path, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => {
      const inner = join(path, entry.name);
      if (entry.isDirectory())
        return /^(group_vars|host_vars|files|templates|inventory|inventories|node_modules)$/.test(entry.name)
          ? []
          : findFiles(inner);
      const isYaml = /(?<!\.lock)\.ya?ml$/.test(entry.name) && !/^inventory/.test(entry.name);
      return isYaml && !isMapFile(inner) ? [inner] : [];
    });
}

/** Whether a file of YAML is a map: variables, and no playbook. One that cannot be read is looked at later. */
function isMapFile(path: string): boolean {
  if (basename(path) === 'roles.yml' && isRolesFile(path)) return false;
  try {
    return isMap(readYaml(path).value);
  } catch (error) {
    if (error instanceof InvalidInput) return false;
    throw error;
  }
}

function isRole(path: string): boolean {
  return readdirSync(path).some(name => /^(tasks|handlers|schema\.ya?ml)$/.test(name));
}

function problemsOf(path: string, flags: RunFlags): readonly Diagnostic[] {
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
      readRole(basename(path), path, vocabulary);
      return [];
    }
    if ((basename(path) === 'roles.yml' && isRolesFile(path)) || path === flags.rolesFile) {
      const pinned = openPinnedRoles(path);
      for (const name of pinned.names) readRole(name, pinned.find(name), vocabulary);
      return [];
    }
    const playbook = readPlaybook(path, vocabulary);
    const named = inventorySources(flags.inventory).length > 0;
    const inventory = openInventory(flags.inventory, [path]);
    // Without an inventory every play is checked for this machine, so that names and arguments are.
    const plays = named ? playbook.plays : playbook.plays.map(play => ({ ...play, hosts: 'localhost' }));
    const draft = preparePlan(
      [{ ...playbook, plays }],
      inventory,
      { ...flags, tags: [], skipTags: [] },
      readExtraVars(flags.extraVars),
    );
    preflight(draft, { inventory, catalogue, check: false });
    return [];
  } catch (error) {
    if (error instanceof InvalidInput) return error.diagnostics;
    throw error;
  }
}
