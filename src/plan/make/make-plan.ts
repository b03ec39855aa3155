import { dirname, join } from 'node:path';
import { messageOf } from '../../errors.ts';
import type { HostSets } from '../../inventory/host-sets.ts';
import { limitedHosts, matchHosts } from '../../inventory/patterns.ts';
import type { SurveyedInventory } from '../../inventory/read-inventory.ts';
import { joinFindings } from '../../language/findings.ts';
import type { Play, Playbook } from '../../language/model.ts';
import type { StepVocabulary } from '../../language/parse/parse-steps.ts';
import type { RolePath } from '../../language/parse/read-role.ts';
import { collectProblems, type Problems } from '../../language/problems.ts';
import { inside } from '../../language/source.ts';
import type { Layer } from '../../values/scope.ts';
import { inOrder } from '../batches.ts';
import { comingHosts } from '../coming.ts';
import type { Draft, PlannedPlay, PlannedTask } from '../plan.ts';
import { createRoleLibrary } from '../resolve-role.ts';
import { checkSelection, type TagSelection } from '../tags.ts';
import { tasksOf } from '../walk.ts';
import { evaluatePlay } from './evaluate-play.ts';
import { factGroupsOf } from './fact-groups.ts';
import { planHandlers } from './plan-handlers.ts';
import { type Making, planRole, planSteps } from './plan-steps.ts';
import { type PlayBaseOptions, playBase } from './play-base.ts';
import { playLayers, readVarsFiles } from './play-variables.ts';

export interface PlanOptions extends PlayBaseOptions {
  /** A host pattern that every play is cut down to. */
  readonly limit?: string;
  /** The host sets that patterns may name. */
  readonly sets?: HostSets;
  readonly tags: TagSelection;
  /** `texts` are names whose values are plain text, to be converted by the schema they land in. */
  readonly extraVars: { readonly values: Readonly<Record<string, unknown>>; readonly texts: ReadonlySet<string> };
  /** Folders of roles that come before the one next to a playbook. */
  readonly rolePath: readonly string[];
  /** Where else the roles of a playbook are looked for, after the folder next to it. */
  readonly moreRoles?: (playbook: string) => RolePath;
  readonly vocabulary: StepVocabulary;
}

/**
 * Drafts the plan of playbooks for an inventory. Reads roles and included files; asks no host.
 * @throws HostwrightError for a limit or a tag that names nothing.
 */
export function makePlan(playbooks: readonly Playbook[], survey: SurveyedInventory, options: PlanOptions): Draft {
  const { inventory } = survey;
  const problems = collectProblems(joinFindings([survey.problems, ...playbooks.map(read => read.problems)]));
  const limited = limitOf(survey, options);
  const extraVars: Layer = { origin: '--extra-vars', ...options.extraVars };
  const count = { tasks: 0 };
  const allTags = new Set<string>();
  const plays: PlannedPlay[] = [];
  for (const { file, plays: inFile } of playbooks) {
    const library = createRoleLibrary(
      () => [...options.rolePath, join(dirname(file), 'roles'), ...(options.moreRoles?.(file) ?? [])],
      options.vocabulary,
    );
    for (const written of inFile) {
      const files = readVarsFiles(written, problems);
      const play = evaluatePlay(written, [...playLayers(written, files), extraVars], problems);
      const known = { earlier: plays, sets: options.sets };
      const hosts = hostsOf(play, survey, known, problems).filter(host => !limited || limited.has(host));
      const making = {
        tags: options.tags,
        allTags,
        vocabulary: options.vocabulary,
        problems,
        library,
        count,
        extraVars,
      };
      plays.push(planPlay({ play, files, hosts }, options, { ...making, entered: new Map(), called: new Set() }));
    }
  }
  // What is broken is left out, and its tags are not known.
  if (problems.list().length === 0) checkSelection(options.tags, allTags);
  const plan = Object.freeze({
    plays,
    inventory,
    ...(options.limit === undefined ? {} : { limit: options.limit }),
    sets: options.sets ?? new Map(),
    tags: options.tags,
    extraVars,
  });
  return { plan, problems: problems.findings() };
}

/** A play with what its plan is made of. */
interface EvaluatedPlay {
  readonly play: Play;
  /** The variables of its `vars_files`. */
  readonly files: readonly Layer[];
  readonly hosts: readonly string[];
}

function planPlay({ play, files, hosts }: EvaluatedPlay, options: PlanOptions, making: Making): PlannedPlay {
  const base = playBase(play, files, options);
  const preTasks = planSteps(play.preTasks, base, making);
  const roles = play.roles.flatMap(call => planRole(call, base, making));
  const tasks = planSteps(play.tasks, base, making);
  const postTasks = planSteps(play.postTasks, base, making);
  const gate = planSteps(play.gate, base, making);
  const handlers = planHandlers(play, base, making);
  const stages = [preTasks, [...roles, ...tasks], postTasks];
  return Object.freeze({
    play,
    name: play.name,
    hosts: inOrder(hosts, play.order),
    layers: base.layers,
    stages,
    gate,
    handlers,
    facts: factGroupsOf(play, [...stages.flat(), ...gate, ...handlers]),
    linear: isLinear(play, tasksOf([...stages.flat(), ...handlers])),
  });
}

/** What one host's failure means for others is only told in step. */
function isLinear(play: Play, tasks: readonly PlannedTask[]): boolean {
  if (play.strategy) return play.strategy === 'linear';
  if (play.maxFailPercentage !== undefined) return true;
  return tasks.some(({ settings }) => settings.anyErrorsFatal || settings.runOnce);
}

/**
 * The hosts that `--limit` leaves. Of an inventory that could not be read whole, it names what it
 * will.
 */
function limitOf({ inventory, problems }: SurveyedInventory, options: PlanOptions): ReadonlySet<string> | undefined {
  const { limit, sets } = options;
  if (limit === undefined || problems.diagnostics.length > 0) return undefined;
  return new Set(limitedHosts(inventory, limit, sets));
}

/**
 * The hosts of a play. One whose hosts are not known, for what is told of as wrong, is checked for
 * all of the inventory, or for this machine.
 */
function hostsOf(
  play: Play,
  { inventory, problems: before }: SurveyedInventory,
  { earlier, sets }: { readonly earlier: readonly PlannedPlay[]; readonly sets: HostSets | undefined },
  problems: Problems,
): readonly string[] {
  const isWhole = before.diagnostics.length === 0;
  const everyHost = inventory.hosts.size > 0 ? [...inventory.hosts.keys()] : ['localhost'];
  try {
    const mayCome = comingHosts(earlier.flatMap(({ stages }) => tasksOf(stages.flat())));
    const hosts = matchHosts(inventory, play.hosts, { mayCome, sets });
    return isWhole || hosts.length > 0 ? hosts : everyHost;
  } catch (error) {
    if (isWhole) problems.add(inside(play.part, 'hosts'), messageOf(error), (error as { hint?: string }).hint);
    return everyHost;
  }
}
