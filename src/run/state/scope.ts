import { hostScope, hostVariables } from '../../plan/host-scope.ts';
import type { PlannedTask } from '../../plan/plan.ts';
import { privilegeOf } from '../../plan/privilege.ts';
import type { Privilege } from '../../shell/become.ts';
import { UnknownValue, ValueError } from '../../values/errors.ts';
import { type Layer, type Scope, unknown } from '../../values/scope.ts';
import type { HostState } from './host-state.ts';
import type { PlayRun } from './play-run.ts';
import type { HostRun } from './task-run.ts';

/**
 * As whom the facts of a host are gathered, which a task needs: as that task, as far as it does not
 * depend on the item of a loop.
 */
export function privilegeFor(here: HostRun, planned: PlannedTask): Privilege | undefined {
  try {
    return privilegeOf(planned.become, scopeOf(here, planned, []));
  } catch (error) {
    if (!(error instanceof ValueError || error instanceof UnknownValue)) throw error;
    return undefined;
  }
}

/**
 * The variables of a task, or of a loop over steps, on a host.
 * @param inner those of the loops and rescues around it
 */
export function scopeOf(
  { run, host }: HostRun,
  { layers, role }: Pick<PlannedTask, 'layers' | 'role'>,
  inner: readonly Layer[],
): Scope {
  const { plan, play, fleet, batch, check } = run;
  const going = () => play.hosts.filter(name => (fleet.known(name)?.status ?? 'going') === 'going');
  return hostScope({
    plan,
    play,
    inventory: fleet.inventory(),
    host: host.name,
    layers,
    role,
    check,
    facts: host.facts,
    dynamic: [...layersOf(host), ...inner],
    course: { batch: batch.hosts, going },
    variablesOf: name => variablesOf(run, host, name),
  });
}

/**
 * Without a common pace it cannot be said how far another host has come: it has the variables that
 * it had before the play.
 */
function variablesOf(run: PlayRun, asking: HostState, name: string): Readonly<Record<string, unknown>> {
  const { plan, fleet, batch } = run;
  const state = fleet.known(name);
  const known = state && (batch.linear || state === asking ? state : state.before);
  const facts = state?.facts ?? unknown('that host was not asked');
  return hostVariables({
    plan,
    inventory: fleet.inventory(),
    host: name,
    dynamic: known ? layersOf(known) : [],
    facts,
  });
}

function layersOf({ included, variables }: Pick<HostState, 'included' | 'variables'>): readonly Layer[] {
  return [...included, { origin: 'the run', values: variables, literal: true }];
}
