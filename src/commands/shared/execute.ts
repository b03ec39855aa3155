import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { currentUser } from '../../connections/current-user.ts';
import type { DriftReport } from '../../drift/report.ts';
import { exitCodes } from '../../errors.ts';
import type { Line } from '../../events/run-start.ts';
import { createStream, type EventReader } from '../../events/stream.ts';
import { factGroups } from '../../facts/index.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { type SurveyedInventory, soundInventory } from '../../inventory/read-inventory.ts';
import { strayFiles } from '../../inventory/stray-files.ts';
import type { JournalFault } from '../../journal/errors.ts';
import { type InputTexts, readInputs } from '../../journal/inputs.ts';
import type { BecomeKeywords, Playbook } from '../../language/model.ts';
import { modules } from '../../modules/index.ts';
import { preflight } from '../../plan/check/preflight.ts';
import { comingHosts } from '../../plan/coming.ts';
import { makePlan, type PlanOptions } from '../../plan/make/make-plan.ts';
import type { Draft, Plan } from '../../plan/plan.ts';
import { startAt } from '../../plan/start-at.ts';
import { tasksOf } from '../../plan/walk.ts';
import { openReporters } from '../../reporters/open.ts';
import { printable } from '../../reporters/printable.ts';
import type { Reporter } from '../../reporters/reporter.ts';
import { actions } from '../../run/actions/index.ts';
import { run } from '../../run/run.ts';
import type { Review } from '../../run/state/review.ts';
import { maskSecrets } from '../../values/mask-secrets.ts';
import { type BeforeFlags, confirm, refuseMany, refuseStrangers } from './before-run.ts';
import { catalogue, vocabulary } from './catalogue.ts';
import { watchLoop } from './dry-loop.ts';
import { readExtraVars } from './extra-vars.ts';
import { readHostSets, strangersIn } from './host-sets.ts';
import { onInterrupt } from './interrupt.ts';
import { leftOverLines } from './left-over-text.ts';
import { namedSecrets, openSecrets } from './open-secrets.ts';
import type { RunFlags } from './options.ts';
import { askPasswords } from './passwords.ts';
import { planText } from './plan-text.ts';
import { beginRecord } from './record.ts';
import type { Resumed } from './resumed.ts';
import { moreRoles, sharedTemplates } from './sources.ts';
import { stepByStep } from './step-by-step.ts';

/** What a command runs. */
export interface Job {
  /** For people: the playbooks, or the ad hoc task. */
  readonly title: string;
  readonly playbooks: readonly Playbook[];
  readonly survey: () => SurveyedInventory;
  /** Makes the readers of its events; without it, those that the options name. */
  readonly open?: (flags: RunFlags) => readonly Reporter[];
  /** Whether it leaves a journal, unless the options say otherwise. */
  readonly isKept: boolean;
  /** Texts that no event may show. */
  readonly secrets?: readonly string[];
  /** Words of options that the command line does not have, and that count as if it had. */
  readonly taken?: readonly string[];
  /** The run that it continues. */
  readonly resumed?: Resumed | undefined;
  /** Looks at the variables of `-e` before anything needs them, and throws where it must not. */
  readonly onVariables?: ((given: object) => void) | undefined;
  /**
   * Looks at what is planned before anything begins, and throws where it must not. What it gives
   * looks at what modules decide, before anything is done.
   */
  readonly onPlan?: ((planned: PlannedRun) => Review) | undefined;
  /** What it has found, where it is to find what deviates: asked once the run is over. */
  readonly drift?: () => Promise<DriftReport>;
  /** Readers of its events, in addition to those of `open`. */
  readonly readers?: readonly EventReader[];
}

/** A run that is about to begin. */
export interface PlannedRun {
  readonly plan: Plan;
  readonly inputs: InputTexts;
  /** Those that variables have, by their names. */
  readonly secrets: ReadonlySet<string>;
}

/** What a command that carries another one out adds to its job. */
export type Continuing = Pick<Job, 'resumed' | 'onVariables' | 'onPlan'>;

/** Carries out a command line of this program, given as its words. @returns the exit code */
export type CarryOut = (words: readonly string[], more: Continuing) => Promise<number>;

/**
 * Plans, checks and runs playbooks with the options of a command line.
 * @returns the exit code
 * @throws InvalidInput, HostwrightError before any host is touched
 */
export async function execute(job: Job, flags: RunFlags & BeforeFlags): Promise<number> {
  const { playbooks, survey, open = openReporters } = job;
  const extraVars = readExtraVars(flags.extraVars);
  job.onVariables?.(extraVars.values);
  const sets = await readHostSets(patternsOf(playbooks, flags), flags);
  const all = preparePlan(playbooks, survey(), flags, { extraVars, sets });
  const { inventory } = all.plan;
  const draft = flags.from === undefined ? all : startAt(all, flags.from);
  const plan = preflight(draft, { inventory, catalogue, check: flags.check ?? false });
  if (flags.list) {
    process.stdout.write(planText(plan));
    return exitCodes.done;
  }
  let texts: InputTexts | undefined;
  const inputs = () => {
    texts ??= readInputs(plan);
    return texts;
  };
  const named = namedSecrets(inventory, extraVars);
  const review = job.onPlan?.({ plan, inputs: inputs(), secrets: named });
  refuseMany(plan, flags.maxHosts);
  refuseStrangers(plan, flags.follow);
  if (!flags.check && !flags.yes) await confirm({ plan, allowed: flags.allow });
  const secrets = new Set([...named, ...(job.secrets ?? [])]);
  const passwords = await askPasswords(flags, secrets);
  const strangers = strangersIn(sets, inventory) ?? [];
  const warnings = [
    ...straysOf(inventory, plan),
    strangers,
    ...openSecrets({ ...flags, extraVars, passwords: secrets }),
  ].flat();
  for (const line of warnings) process.stderr.write(`${line}\n`);
  const tellAll = () => {
    for (const { flush } of reporters) flush?.();
  };
  const approve = flags.step ? stepByStep(() => interrupt.abort(), tellAll) : undefined;
  // Questions do not go with a picture that is drawn again and again.
  const reporters = open(approve && flags.output !== 'jsonl' ? { ...flags, output: 'lines' } : flags);
  let isUnderWay = false;
  const tell = (text: string) => {
    // The beginning of a run is its first event, and its end the last.
    if (isUnderWay) events.emit({ type: 'message', level: 'warning', text });
    if (!isUnderWay || !reporters.some(({ seen }) => seen)) process.stderr.write(`\n${text}\n`);
  };
  const onFault = ({ message, hint }: JournalFault) => {
    interrupt.abort();
    tell(`${message}. Tasks under way are finished, no others are started. ${hint}`);
  };
  const id = randomUUID();
  const line = lineAfter(job.resumed?.start.line) ?? { id, number: 1 };
  const record = await beginRecord({ ...job, plan, inputs, line, onSlow: tell, onFault }, flags);
  for (const text of leftOverLines(record.leftOver)) process.stderr.write(`${text}\n`);
  const events = createStream(
    [...record.readers, ...(job.readers ?? []), ...reporters.map(({ read }) => read)],
    maskSecrets(secrets),
    record.kept,
  );
  const interrupt = onInterrupt(tell);
  const loop = watchLoop();
  let exitCode: number;
  try {
    isUnderWay = true;
    exitCode = await run(plan, {
      about: record.about,
      leftOver: record.leftOver,
      identity: { id, who: `${currentUser()}@${hostname()}`, line, recorded: record.about.run },
      inventory,
      readInventory: () => soundInventory(survey()),
      modules,
      actions,
      facts: factGroups,
      check: flags.check ?? false,
      forks: flags.forks,
      lookAhead: flags.lookAhead,
      allowed: flags.allow,
      forceHandlers: flags.forceHandlers ?? false,
      verbosity: flags.verbose,
      detailedExitCode: flags.detailedExitcode ?? false,
      connection: {
        ...(flags.connection ? { connection: flags.connection } : {}),
        ...(flags.user ? { user: flags.user } : {}),
        ...(flags.privateKey ? { privateKey: flags.privateKey } : {}),
        hostKeys: flags.hostKeyChecking,
        timeout: flags.timeout,
      },
      passwords,
      secrets,
      events,
      ...(approve && { approve }),
      ...(job.resumed && { recorded: job.resumed.recorded }),
      ...(review && { review }),
      signal: interrupt.signal,
      cut: interrupt.cut,
      dry: loop.dry,
    });
  } finally {
    isUnderWay = false;
    interrupt.stop();
    loop.stop();
    for (const { close } of [record, ...reporters]) await close();
    await record.notify();
  }
  return record.fault()?.exitCode ?? exitCode;
}

/** Where a run is in its line that continues another one. */
function lineAfter(before: Line | undefined): Line | undefined {
  return before && { ...before, number: before.number + 1 };
}

/** Files of variables that are for none of the hosts and groups, in a line. */
function straysOf(inventory: Inventory, { plays }: Plan): readonly string[] {
  const tasks = plays.flatMap(({ stages, gate, handlers }) => tasksOf([...stages.flat(), ...gate, ...handlers]));
  const strays = strayFiles(inventory, comingHosts(tasks));
  return strays === undefined ? [] : [printable(strays)];
}

/** The patterns of hosts that playbooks and options have. */
export function patternsOf(playbooks: readonly Playbook[], { limit }: Pick<RunFlags, 'limit'>): readonly string[] {
  const ofPlays = playbooks.flatMap(({ plays }) => plays.map(({ hosts }) => hosts));
  return limit === undefined ? ofPlays : [limit, ...ofPlays];
}

/**
 * The draft of the plan for a command line.
 * @throws HostwrightError for a limit that names nothing.
 */
export function preparePlan(
  playbooks: readonly Playbook[],
  survey: SurveyedInventory,
  flags: RunFlags,
  { extraVars, sets }: Pick<PlanOptions, 'extraVars' | 'sets'>,
): Draft {
  const options: PlanOptions = {
    ...(flags.limit === undefined ? {} : { limit: flags.limit }),
    tags: { only: flags.tags ?? [], skip: flags.skipTags ?? [] },
    extraVars,
    ...(sets && { sets }),
    rolePath: flags.rolesPath,
    moreRoles: playbook => moreRoles(flags, playbook),
    sharedTemplates: sharedTemplates(),
    become: becomeOf(flags),
    vocabulary,
    ...(flags.taskTimeout === undefined ? {} : { taskTimeout: flags.taskTimeout }),
  };
  return makePlan(playbooks, survey, options);
}

/** What the command line says of becoming. */
export function becomeOf(flags: RunFlags): BecomeKeywords {
  return {
    ...(flags.become === undefined ? {} : { become: flags.become }),
    ...(flags.becomeUser === undefined ? {} : { user: flags.becomeUser, become: flags.become ?? true }),
    ...(flags.becomeMethod === undefined ? {} : { method: flags.becomeMethod }),
  };
}
