import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { catalogue, vocabulary } from '../../src/commands/shared/catalogue.ts';
import { surveyInventory } from '../../src/inventory/read-inventory.ts';
import { readPlaybook } from '../../src/language/parse/parse-playbook.ts';
import { preflight } from '../../src/plan/check/preflight.ts';
import { hostScope } from '../../src/plan/host-scope.ts';
import { makePlan, type PlanOptions } from '../../src/plan/make/make-plan.ts';
import type { Plan, PlannedTask } from '../../src/plan/plan.ts';
import { tasksOf } from '../../src/plan/walk.ts';
import type { Scope } from '../../src/values/scope.ts';

export interface Made {
  readonly plan: Plan;
  readonly tasks: readonly PlannedTask[];
  readonly task: (name: string) => PlannedTask;
  /** The variables of a task on a host. */
  readonly scope: (name: string, host?: string) => Scope;
}

/** Makes and checks the plan of a project in a folder of its own. */
export function make(
  files: Readonly<Record<string, string>>,
  options: Partial<PlanOptions> & { readonly hosts?: string } = {},
): Made {
  const folder = mkdtempSync(join(tmpdir(), 'hw-plan-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const survey = surveyInventory(
      ['hosts.yml' in files ? join(folder, 'hosts.yml') : (options.hosts ?? 'hv1,')],
      [folder],
    );
    const { inventory } = survey;
    const draft = makePlan([readPlaybook(join(folder, 'site.yml'), vocabulary)], survey, {
      tags: { only: [], skip: [] },
      extraVars: { values: {}, texts: new Set() },
      rolePath: [],
      sharedTemplates: [],
      become: {},
      vocabulary,
      ...options,
    });
    const plan = preflight(draft, { inventory, catalogue, check: false });
    const play = plan.plays[0]!;
    const tasks = tasksOf([...play.stages.flat(), ...play.handlers]);
    const task = (name: string) => tasks.find(one => one.name === name)!;
    const scope = (name: string, host = 'hv1') => {
      const { layers, role } = task(name);
      return hostScope({ plan, play, inventory, host, layers, role, check: false, dynamic: [], facts: {} });
    };
    return { plan, tasks, task, scope };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
