import { existsSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Finding, HostAdvice } from '../advice/advice.ts';
import { adviceText, reasonsText } from '../advice/advice-text.ts';
import { checkPlay } from '../advice/check-play.ts';
import { collectAdvice } from '../advice/collect.ts';
import { playbookText } from '../advice/playbook-text.ts';
import { exitCodes, HostwrightError, messageOf } from '../errors.ts';
import { type RoleAdvice, readAdvice } from '../language/parse/read-advice.ts';
import { findRole, listRoles, type RolePath } from '../language/parse/read-role.ts';
import { suggest } from '../language/suggest.ts';
import { diffText } from '../reporters/diff-text.ts';
import { progress } from '../reporters/progress.ts';
import type { Reporter } from '../reporters/reporter.ts';
import { defaultLookAhead } from '../run/state/look-ahead.ts';
import { playbookOf } from './shared/ad-hoc.ts';
import { execute, type Job } from './shared/execute.ts';
import { connectionOptions, inventoryOptions, type RunFlags, taskTimeoutOption } from './shared/options.ts';
import { openInventory, rolePath } from './shared/sources.ts';

interface AdviseFlags extends RunFlags {
  readonly output: never;
  readonly playbook?: string;
  readonly role: readonly string[];
  readonly json?: boolean;
}

/** `hostwright advise PATTERN` */
export function addAdvise(program: Command, done: (exitCode: number) => void): void {
  const command = program
    .command('advise')
    .description(
      'Say what of hosts and guests is not tuned, what changing it costs, and which roles do it. Changes nothing.',
    )
    .argument('<pattern>', 'which hosts');
  taskTimeoutOption(connectionOptions(inventoryOptions(command)))
    .option('-o, --playbook <file>', 'write a playbook that does it; a file that is there is kept')
    .option(
      '--role <role>',
      'only what this role has to say; may be given again',
      (name, before: string[]) => [...before, name],
      [],
    )
    .option('-D, --diff', 'show what would become of each part')
    .option('--json', 'print JSON lines, one for each host')
    .addHelpText(
      'after',
      `
Every role with a file advice.yml has a say: it is tried in check mode, with the
parameters that it recommends for the host.

Examples:
  hostwright advise hv1 -i inventory.yml -b
  hostwright advise 'hv*' -i inventory.yml -b -o tuned.yml
  hostwright play tuned.yml -i inventory.yml -b --check --diff`,
    )
    .action(async (pattern: string, flags: AdviseFlags) => done(await advise(pattern, flags)));
}

async function advise(pattern: string, flags: AdviseFlags): Promise<number> {
  const roles = adviceOf(rolePath(flags), flags.role);
  if (flags.playbook !== undefined && existsSync(flags.playbook))
    throw notWritten(flags.playbook, 'it is there already');
  const { hosts, read } = collectAdvice(roles);
  const reader: Reporter = { read, close: async () => {} };
  const checked: RunFlags = {
    ...flags,
    check: true,
    forks: 50,
    lookAhead: defaultLookAhead,
    tags: [],
    skipTags: [],
    allow: [],
    verbose: 0,
    follow: [],
    output: 'auto',
    keepDays: 1,
    keepRuns: 1,
  };
  const playbook = playbookOf(checkPlay(pattern, roles));
  const job: Job = {
    title: `advise ${pattern}`,
    playbooks: [playbook],
    survey: () => openInventory(flags.inventory),
    open: () => [reader, ...(process.stderr.isTTY ? [progress] : [])],
    isKept: false,
  };
  const code = await execute(job, checked);
  const found = hosts();
  for (const host of found)
    process.stdout.write(flags.json ? `${JSON.stringify(host)}\n` : `${adviceText(host, shownDiff(flags))}\n`);
  if (!flags.json) process.stdout.write(reasonsText(found));
  if (flags.playbook !== undefined) writePlaybook(flags.playbook, found);
  // Libvirt that does not answer fails no task of the play, but a part of the host was not looked
  // at.
  return code === exitCodes.done && blind(found).length > 0 ? exitCodes.failed : code;
}

/** Hosts of which something could not be looked at. */
function blind(hosts: readonly HostAdvice[]): readonly string[] {
  return hosts.filter(({ failure }) => failure !== undefined).map(({ host }) => host);
}

/** What the roles on the path have to say. @throws HostwrightError, InvalidInput */
function adviceOf(path: RolePath, only: readonly string[]): readonly RoleAdvice[] {
  const all = listRoles(path).flatMap(name => {
    const directory = findRole(name, path);
    return (directory === undefined ? undefined : readAdvice(name, directory)) ?? [];
  });
  const wrong = only.find(name => !all.some(({ role }) => role === name));
  if (wrong !== undefined) {
    const names = all.map(({ role }) => role);
    throw new HostwrightError('advise.role', `No role "${wrong}" has advice to give.`, {
      hint: suggest(wrong, names) ?? `These have: ${names.join(', ')}.`,
      exitCode: exitCodes.usage,
    });
  }
  return only.length === 0 ? all : all.filter(({ role }) => only.includes(role));
}

function shownDiff({ diff }: AdviseFlags): (finding: Finding) => string {
  return finding =>
    diff && finding.diff.length > 0 ? `\n${diffText(finding.diff).trimEnd().replace(/^/gm, '        ')}` : '';
}

/** @throws HostwrightError where the file is there, or cannot be written */
function writePlaybook(file: string, hosts: readonly HostAdvice[]): void {
  const text = playbookText(hosts);
  if (text === undefined) {
    process.stderr.write(`${whyNothing(hosts)}: ${file} is not written.\n`);
    return;
  }
  // The name of a guest may be anybody's choice.
  if (text.includes('{{')) throw notWritten(file, 'a name on a host has {{ in it, which a playbook would evaluate');
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (cause) {
    throw notWritten(file, messageOf(cause));
  }
  process.stderr.write(`${file} is written. Look at it, then: hostwright play ${file} --check --diff\n`);
}

/** Why there is nothing that a playbook could do. */
function whyNothing(hosts: readonly HostAdvice[]): string {
  const names = blind(hosts);
  if (names.length > 0) return `What could be looked at on ${names.join(', ')}, which is not all, leaves nothing to do`;
  const refusing = new Set(hosts.flatMap(({ advice }) => advice.map(({ role }) => role.role)));
  if (refusing.size === 0) return 'There is nothing to do';
  return `There is nothing to do before what stops ${[...refusing].join(', ')} is out of the way`;
}

function notWritten(file: string, why: string): HostwrightError {
  const hint = 'Name another file with -o.';
  return new HostwrightError('advise.file', `${file} is not written: ${why}.`, { hint, exitCode: exitCodes.usage });
}
