import { factGroups } from '../../facts/index.ts';
import type { Condition } from '../../language/model.ts';
import { collectProblems, type Problems } from '../../language/problems.ts';
import { textPart } from '../../language/source.ts';
import { compileExpression } from '../../values/expression.ts';
import { unknown } from '../../values/scope.ts';
import { attempt, report } from '../attempt.ts';
import { callableOf } from '../catalogue.ts';
import { type Coming, comingFrom } from '../coming.ts';
import { hostOf, hostScope } from '../host-scope.ts';
import { checkNotifications } from '../notify.ts';
import type { Draft, Plan, PlannedPlay } from '../plan.ts';
import { reachOf } from '../reach.ts';
import { tasksOf } from '../walk.ts';
import { checkFacts } from './check-facts.ts';
import { checkFields } from './check-fields.ts';
import { checkForms } from './check-forms.ts';
import { checkJob } from './check-job.ts';
import { checkLayer } from './check-names.ts';
import { checkSteps, type Walk } from './check-steps.ts';
import { checkOwners } from './owners.ts';
import type { PreflightOptions } from './preflight-options.ts';
import { soundPlan } from './sound-plan.ts';

/**
 * Evaluates everything that can be evaluated before the first connection, for every host: names,
 * templates, conditions, arguments, role parameters, files. What only the run can tell (registers,
 * facts) is passed over, but for what can be known of its form.
 * @returns the plan of the draft, which can run.
 * @throws InvalidInput with every problem found, the draft's too, sorted by place; HostwrightError
 * if no play is for any host.
 */
export function preflight({ plan, problems: before }: Draft, options: PreflightOptions): Plan {
  const problems = collectProblems(before);
  const formed = new Set<object>();
  checkForms([plan.extraVars], formed, problems);
  checkLayer({ ...plan.extraVars, part: plan.extraVars.part ?? textPart('--extra-vars', '') }, 'play', problems);
  for (const play of plan.plays) {
    checkNotifications(play, problems);
    for (const { task } of tasksOf([...play.stages.flat(), ...play.gate, ...play.handlers])) {
      checkJob(task, callableOf(options.catalogue, task.module), problems);
      const { changedWhen = [], failedWhen = [], retry } = task;
      checkConditions([...changedWhen, ...failedWhen, ...(retry?.until ?? [])], problems);
    }
    checkFields(play, options.catalogue, problems);
    checkFacts(play, options.catalogue, options.facts ?? factGroups, problems);
    for (const layer of play.layers.play) checkLayer(layer, 'play', problems);
    checkForms(play.layers.play, formed, problems);
    for (const host of play.hosts) checkHost(play, host, { ...options, plan, problems, formed });
  }
  return soundPlan({ plan, problems: problems.findings() });
}

function checkConditions(conditions: readonly Condition[], problems: Problems): void {
  for (const { text, part } of conditions) {
    try {
      compileExpression(text);
    } catch (error) {
      problems.leaveOut(text);
      report(problems, part, error);
    }
  }
}

/** What the ways of all hosts through the plays have in common. */
type Common = PreflightOptions & Pick<Walk, 'plan' | 'problems' | 'formed'>;

/** Finds variables that say how a host is reached and have values that they cannot have. */
function checkReach(play: PlannedPlay, host: string, { plan, inventory, check, problems }: Common): void {
  const { layers } = play;
  const facts = unknown('it is not connected');
  attempt(problems, play.play.part, () =>
    reachOf(host, hostScope({ plan, play, inventory, host, layers, check, dynamic: [], facts })),
  );
}

function checkHost(play: PlannedPlay, host: string, common: Common): void {
  const { plan, problems, inventory } = common;
  const { variables } = hostOf(inventory, host);
  for (const layer of variables) checkLayer(layer, 'play', problems);
  checkForms(variables, common.formed, problems);
  checkReach(play, host, common);
  const earlier = plan.plays.slice(0, plan.plays.indexOf(play)).map(({ stages }) => tasksOf(stages.flat()));
  const before: Coming = comingFrom(earlier.flat());
  const during = comingFrom(tasksOf(play.stages.flat()));
  const walk: Walk = { ...common, play, host, coming: { ...before }, before, during, owned: [] };
  for (const stage of [...play.stages, play.gate, play.handlers]) checkSteps(stage, walk);
  checkOwners(walk.owned, host, problems);
}
