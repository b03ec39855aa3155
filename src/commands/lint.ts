import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { exitCodes, HostwrightError } from '../errors.ts';
import type { SurveyedInventory } from '../inventory/read-inventory.ts';
import { type Diagnostic, InvalidInput } from '../language/diagnostic.ts';
import { readPlaybook } from '../language/parse/parse-playbook.ts';
import { readRole } from '../language/parse/read-role.ts';
import { isMap } from '../language/source.ts';
import { readYaml } from '../language/yaml.ts';
import { openPinnedRoles } from '../pinned/pinned-roles.ts';
import { isRolesFile } from '../pinned/wanted.ts';
import { preflight } from '../plan/check/preflight.ts';
import { count } from '../reporters/format.ts';
import { printableLines } from '../reporters/printable.ts';
import { catalogue, vocabulary } from './shared/catalogue.ts';
import { patternsOf, preparePlan } from './shared/execute.ts';
import { type ExtraVars, readExtraVars } from './shared/extra-vars.ts';
import { readHostSets } from './shared/host-sets.ts';
import { inventoryOptions, type RunFlags } from './shared/options.ts';
import { inventorySources, openInventory } from './shared/sources.ts';

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
  hostwright lint site.yml -i inventory.yml   also what is wrong for hosts
Without -i it takes the inventory that play takes.`,
    )
    .action(async (paths: string[], flags: RunFlags) => {
      const files = paths.flatMap(findFiles);
      if (files.length === 0) throw nothingFound(paths);
      const check = { flags, extraVars: readExtraVars(flags.extraVars), inventoryFor: inventories(flags.inventory) };
      const problems = (await Promise.all(files.map(file => problemsOf(file, check)))).flat();
      process.stdout.write(
        problems.length > 0 ? report(problems) : `${count(files.length, 'file')} checked, no problems\n`,
      );
      done(problems.length > 0 ? exitCodes.usage : exitCodes.done);
    });
}

/**
 * The problems, sorted by place, and how many there are: here they are what was asked for, and no
 * error.
 */
function report(problems: readonly Diagnostic[]): string {
  const { message, total } = new InvalidInput(problems);
  return printableLines(`${message}\n\n${total}\n`);
}

function nothingFound(paths: readonly string[]): HostwrightError {
  return new HostwrightError('lint.nothing', `${paths.join(', ')} has neither playbooks nor roles.`, {
    hint: 'Name the files, or folders that have them.',
    exitCode: exitCodes.usage,
  });
}

/** What all files are checked with. */
interface Check {
  readonly flags: RunFlags;
  readonly extraVars: ExtraVars;
  readonly inventoryFor: (playbook: string) => SurveyedInventory;
}

/** The inventory for a playbook, read once for all of its folder: it may be a program. */
function inventories(given: readonly string[]): Check['inventoryFor'] {
  const known = new Map<string, SurveyedInventory>();
  return playbook => {
    const folder = dirname(playbook);
    const inventory = known.get(folder) ?? openInventory(given, [playbook]);
    known.set(folder, inventory);
    return inventory;
  };
}

/**
 * Playbooks of a folder, and its roles (folders with tasks/main.yml, handlers/main.yml or a
 * schema).
 */
function findFiles(path: string): readonly string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
  if (isRole(path)) return [path];
  return readdirSync(path, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) return notPlaybooks.test(entry.name) ? [] : findFiles(inner);
      const isYaml = /(?<!\.lock)\.ya?ml$/.test(entry.name) && !/^inventory/.test(entry.name);
      return isYaml && !holdsVariables(inner) ? [inner] : [];
    });
}

/** Folders without playbooks and roles; files of tasks are looked at where they are included. */
const notPlaybooks =
  /^(group_vars|host_vars|files|templates|inventory|inventories|node_modules|tasks|handlers|vars|defaults|meta)$/;

/**
 * Whether a file of YAML has variables: it is a map, and not that of a play whose "- " was
 * forgotten. One that cannot be read is looked at later.
 */
function holdsVariables(path: string): boolean {
  if (basename(path) === 'roles.yml' && isRolesFile(path)) return false;
  try {
    const { value } = readYaml(path);
    return isMap(value) && !['hosts', 'tasks', 'roles', 'import_playbook'].some(word => word in value);
  } catch (error) {
    if (error instanceof InvalidInput) return false;
    throw error;
  }
}

function isRole(path: string): boolean {
  const names = ['tasks/main.yml', 'tasks/main.yaml', 'handlers/main.yml', 'schema.yml', 'schema.yaml'];
  return names.some(name => existsSync(join(path, name)));
}

async function problemsOf(path: string, { flags, extraVars, inventoryFor }: Check): Promise<readonly Diagnostic[]> {
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
      readRole(basename(path), path, vocabulary);
      return [];
    }
    if ((basename(path) === 'roles.yml' && isRolesFile(path)) || isSame(path, flags.rolesFile)) {
      const pinned = openPinnedRoles(path);
      for (const name of pinned.names) readRole(name, pinned.find(name), vocabulary);
      return [];
    }
    const playbook = readPlaybook(path, vocabulary);
    const named = inventorySources(flags.inventory).length > 0;
    const survey = inventoryFor(path);
    // Without an inventory every play is checked for this machine, so that names and arguments are.
    const plays = named ? playbook.plays : playbook.plays.map(play => ({ ...play, hosts: 'localhost' }));
    const sets = await readHostSets(patternsOf([{ ...playbook, plays }], flags), flags);
    const untagged = { ...flags, tags: [], skipTags: [] };
    const draft = preparePlan([{ ...playbook, plays }], survey, untagged, { extraVars, sets });
    preflight(draft, { inventory: survey.inventory, catalogue, check: false });
    return [];
  } catch (error) {
    if (error instanceof InvalidInput) return error.diagnostics;
    throw error;
  }
}

function isSame(path: string, other: string | undefined): boolean {
  return other !== undefined && resolve(path) === resolve(other);
}
