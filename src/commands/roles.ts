import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { exitCodes, HostwrightError } from '../errors.ts';
import { suggest } from '../language/suggest.ts';
import { checkoutFault, checkoutFolder } from '../pinned/checkout.ts';
import { type InstalledRole, installRoles } from '../pinned/install.ts';
import { lockedCommit, lockFileOf, readLock } from '../pinned/lock.ts';
import { readRolesFile, type WantedRole } from '../pinned/wanted.ts';
import { settingOption } from './settings/option.ts';

interface Flags {
  readonly rolesFile: string;
}

/** `hostwright roles install`, `update` and `list` */
export function addRoles(program: Command, done: (exitCode: number) => void): void {
  const command = program
    .command('roles')
    .description('Bring roles that roles.yml pins to a ref of a git repository.')
    .addHelpText(
      'after',
      `
roles.yml, next to the playbook or in the working folder:
  - name: motd
    git: https://git.example.org/roles.git  or ssh://, file://, a path
    ref: v1.2.0                             a tag, a branch, a commit
    path: roles/motd                        its folder in there, if not all

Examples:
  hostwright roles install       what roles.lock.yml says; the rest is locked
  hostwright roles update motd   resolve its ref again
  hostwright roles list          what is pinned, and whether it is in the cache`,
    );
  add('install', 'Bring the roles of the lock into the cache; resolve and lock those that it does not have.').action(
    ({ rolesFile }: Flags) => done(install(rolesFile, [], false)),
  );
  add('update', 'Resolve the refs of roles again, and say what changed.')
    .argument('[name...]', 'names of roles (default: all)')
    .action((names: string[], { rolesFile }: Flags) => done(install(rolesFile, names, true)));
  add('list', 'Show the roles, their commits, and whether they are in the cache.').action(({ rolesFile }: Flags) =>
    done(list(rolesFile)),
  );

  function add(name: string, description: string): Command {
    const sub = command.command(name).description(description);
    return sub.addOption(settingOption('roles_file').default('roles.yml'));
  }
}

function open(file: string): readonly WantedRole[] {
  if (existsSync(file)) return readRolesFile(file);
  throw new HostwrightError('roles.no-file', `There is no ${file}.`, {
    hint: 'Name one with --roles-file, or write it: "hostwright roles --help" shows how.',
    exitCode: exitCodes.usage,
  });
}

function install(file: string, names: readonly string[], isUpdate: boolean): number {
  const wanted = open(file);
  const known = wanted.map(({ name }) => name);
  const unknown = names.find(name => !known.includes(name));
  if (unknown !== undefined)
    throw new HostwrightError('roles.unknown', `There is no role "${unknown}" in ${file}.`, {
      hint: suggest(unknown, known) ?? `Its roles: ${known.join(', ')}.`,
      exitCode: exitCodes.usage,
    });
  const moves = (name: string) => isUpdate && (names.length === 0 || names.includes(name));
  const { installed, dropped } = installRoles(file, wanted, moves);
  const lines = [...installed.map(lineOf), ...dropped.map(name => `${name}: no longer in ${file}`)];
  process.stdout.write(lines.map(line => `${line}\n`).join(''));
  return exitCodes.done;
}

function lineOf({ name, ref, commit, before, isFetched }: InstalledRole): string {
  const where = isFetched ? 'fetched' : 'in the cache';
  if (before === undefined) return `${name}: ${ref} is ${commit}, ${where}`;
  return before === commit ? `${name}: ${commit} as before, ${where}` : `${name}: ${before} -> ${commit}, ${where}`;
}

function list(file: string): number {
  const lock = readLock(lockFileOf(file));
  const rows = open(file).map(role => {
    const commit = lockedCommit(lock, role);
    return [role.name, role.ref, commit ?? '-', commit === undefined ? 'not locked' : stateOf(role, commit)];
  });
  const widths = [0, 1, 2].map(column => Math.max(0, ...rows.map(row => row[column]?.length ?? 0)));
  const lines = rows.map(row => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  process.stdout.write(lines.map(line => `${line}\n`).join(''));
  return exitCodes.done;
}

function stateOf({ address }: WantedRole, commit: string): string {
  const checkout = checkoutFolder(address, commit);
  if (!existsSync(checkout)) return 'not in the cache';
  const fault = checkoutFault(checkout, commit);
  return fault === undefined ? 'in the cache' : `wrong in the cache: ${fault}`;
}
