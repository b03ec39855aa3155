import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { type Entry, type Held, readDriftFile } from '../drift/drift-file.ts';
import { driftText, unusedText } from '../drift/drift-text.ts';
import { watchLook } from '../drift/look.ts';
import { hasEarlier, recall } from '../drift/memory.ts';
import { type DriftReport, exitCodeOf, reportJson, reportOf } from '../drift/report.ts';
import { matchHosts } from '../inventory/patterns.ts';
import { soundInventory } from '../inventory/read-inventory.ts';
import { stateFolder } from '../journal/folder.ts';
import { readPlaybook } from '../language/parse/parse-playbook.ts';
import { watchOutcome } from '../reporters/outcome.ts';
import { progress } from '../reporters/progress.ts';
import { vocabulary } from './shared/catalogue.ts';
import { execute } from './shared/execute.ts';
import { connectionOptions, driftOptions, inventoryOptions, type RunFlags, tagOptions } from './shared/options.ts';
import { openInventory } from './shared/sources.ts';

/** What `drift` is given, as commander gives it. */
export interface DriftFlags extends RunFlags {
  readonly output: never;
  readonly driftFile?: string;
  readonly json?: boolean;
  readonly maxHosts?: number;
}

/** `hostwright drift PLAYBOOK…` */
export function addDrift(program: Command, done: (exitCode: number) => void): void {
  withDriftOptions(
    program
      .command('drift')
      .description('Say what of hosts is not as playbooks state, since when, and whose doing it is.'),
  )
    .option('--json', 'print it as one line of JSON')
    .addHelpText(
      'after',
      `
Runs the playbooks in check mode, which changes nothing, and compares that with
the recorded runs. drift.yml, next to the playbook, accepts deviations:
  - role: sshd
    hosts: hv3                 a pattern; without it, all hosts
    until: 2026-12-31          the last day
    reason: "ticket 4411"
An entry may also name task, module and subject.

Exit codes: 0 nothing deviates that is not accepted, 3 something does,
2, 4 and 6 as of other runs, 5 a wrong drift.yml or an entry that expired.

Examples:
  hostwright drift site.yml -i inventory.yml
  hostwright drift site.yml -i inventory.yml --diff
  hostwright drift site.yml -l 'hv*' --json`,
    )
    .action(async (files: string[], flags: DriftFlags) => done(await drift(files, flags)));
}

/** The arguments and options that say what is looked at. */
export function withDriftOptions(command: Command): Command {
  command.argument('<playbook...>', 'files');
  return driftOptions(connectionOptions(tagOptions(inventoryOptions(command)))).option(
    '--drift-file <file>',
    'the accepted deviations; without it, drift.yml next to the playbook',
  );
}

async function drift(files: readonly string[], flags: DriftFlags): Promise<number> {
  const playbooks = files.map(file => readPlaybook(file, vocabulary));
  const entries = entriesFor(files, flags);
  const [{ read, look }, outcome] = [watchLook(), watchOutcome()];
  const state = stateFolder(flags.state);
  async function makeReport(): Promise<DriftReport> {
    const seen = look();
    const pasts = await recall(state, seen);
    return reportOf({ look: seen, outcome, pasts, entries, hasEarlier: hasEarlier(state, seen) });
  }
  let made: Promise<DriftReport> | undefined;
  const report = () => {
    made ??= makeReport();
    return made;
  };
  const code = await execute(
    {
      title: files.join(' '),
      playbooks,
      survey: () => openInventory(flags.inventory, files),
      open: () => (process.stderr.isTTY ? [progress] : []),
      readers: [read, outcome.read],
      isKept: true,
      drift: report,
    },
    checkFlags(flags),
  );
  const found = await report();
  const exitCode = exitCodeOf(code, found);
  tell(found, exitCode, flags);
  return exitCode;
}

/** The options of a run in check mode that asks for no consent and prints nothing. */
function checkFlags(flags: DriftFlags): RunFlags {
  return { ...flags, check: true, allow: [], verbose: 0, follow: [], output: 'auto' };
}

function tell(report: DriftReport, exitCode: number, { diff = false, json, limit, tags, skipTags }: DriftFlags): void {
  process.stdout.write(json ? reportJson(report, exitCode) : driftText(report, diff));
  // What was not looked at may well deviate.
  const isWhole = limit === undefined && tags.length + skipTags.length === 0 && report.troubles.length === 0;
  if (isWhole) process.stderr.write(unusedText(report));
}

/** @throws InvalidInput where a drift.yml is wrong, or an entry has expired */
function entriesFor(files: readonly string[], flags: DriftFlags): readonly Entry[] {
  const usual = new Set(files.map(file => join(dirname(file), 'drift.yml')));
  const named = flags.driftFile === undefined ? [...usual].filter(existsSync) : [flags.driftFile];
  if (named.length === 0) return [];
  const inventory = soundInventory(openInventory(flags.inventory, files));
  const held: Held = { today: today(), hostsOf: pattern => matchHosts(inventory, pattern) };
  return named.flatMap(file => readDriftFile(file, held));
}

/** The day that it is here. */
function today(): string {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map(part => String(part).padStart(2, '0')).join('-');
}
