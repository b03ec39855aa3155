import { Document, type YAMLMap } from 'yaml';
import { type Advice, feasible, type HostAdvice } from './advice.ts';
import { inLine } from './advice-text.ts';

const head = ` Written by hostwright advise. Look at it, then try it: hostwright play FILE --check --diff.
 What needs a reboot or a restart of guests happens with --allow reboot and --allow guest-restart only.`;

/**
 * A playbook that does what is advised: a play for each host, or for several that get the same.
 * What a role refuses is left out. Undefined where there is nothing to do.
 */
export function playbookText(hosts: readonly HostAdvice[]): string | undefined {
  const plays = Map.groupBy(
    hosts.filter(({ advice }) => feasible(advice).length > 0),
    ({ advice }) => JSON.stringify(rolesOf(advice)),
  );
  if (plays.size === 0) return undefined;
  const document = new Document(
    [...plays].map(([, same]) => ({
      name: 'What was advised',
      hosts: same.map(({ host }) => host).join(','),
      roles: rolesOf(same[0]?.advice ?? []),
    })),
  );
  document.commentBefore = head;
  [...plays.values()].forEach((same, at) => {
    feasible(same[0]?.advice ?? []).forEach(({ role }, which) => {
      const call = document.getIn([at, 'roles', which]) as YAMLMap<unknown, unknown>;
      (call as { commentBefore?: string }).commentBefore = ` ${inLine(role.why)}`;
    });
  });
  return document.toString({ lineWidth: 120 });
}

function rolesOf(advice: readonly Advice[]): readonly object[] {
  return feasible(advice).map(({ role, parameters }) => ({ role: role.role, ...parameters }));
}
