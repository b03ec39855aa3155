import { createLink } from '../../connections/link/link.ts';
import { createSemaphore } from '../../connections/semaphore.ts';
import { certain, exitCodes, HostwrightError, messageOf } from '../../errors.ts';
import { maskTexts } from '../../events/stream.ts';
import type { FactGroup } from '../../facts/fact.ts';
import { soundPlan } from '../../plan/check/sound-plan.ts';
import { hostScope } from '../../plan/host-scope.ts';
import { privilegeOf } from '../../plan/privilege.ts';
import { targetOf } from '../../run/state/target.ts';
import { askFacts } from '../../run/task/gather-facts.ts';
import { maskSecrets } from '../../values/mask-secrets.ts';
import { unknown } from '../../values/scope.ts';
import { playbookOf } from './ad-hoc.ts';
import { becomeOf, patternsOf, preparePlan } from './execute.ts';
import { readExtraVars } from './extra-vars.ts';
import { readHostSets } from './host-sets.ts';
import { namedSecrets, openSecrets } from './open-secrets.ts';
import type { RunFlags } from './options.ts';
import { askPasswords } from './passwords.ts';
import { openInventory } from './sources.ts';

/** What a host said of itself, or why it did not, without secrets. */
export interface HostAnswer {
  readonly host: string;
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly error?: string;
}

/**
 * Asks the hosts of a pattern for groups of facts, all at once, and tells each answer as it comes.
 * @returns the exit code: 0, 2 where one could not say, 4 where one could not be reached, 6 for
 * both.
 */
export async function askHosts(
  pattern: string,
  groups: readonly FactGroup[],
  flags: RunFlags,
  tell: (answer: HostAnswer) => void,
): Promise<number> {
  const survey = openInventory(flags.inventory);
  const playbook = playbookOf({ hosts: pattern, tasks: [] });
  const extraVars = readExtraVars(flags.extraVars);
  const sets = await readHostSets(patternsOf([playbook], flags), flags);
  const plan = soundPlan(preparePlan([playbook], survey, flags, { extraVars, sets }));
  const { inventory } = plan;
  const play = certain(plan.plays[0], 'the play');
  const secrets = namedSecrets(inventory, extraVars);
  const mask = maskSecrets(secrets);
  const passwords = await askPasswords(flags, secrets);
  for (const line of openSecrets({ ...flags, extraVars, passwords: secrets })) process.stderr.write(`${line}\n`);
  const handshakes = createSemaphore(16);
  async function ask(host: string): Promise<number> {
    const { layers } = play;
    const asked = unknown('they are being asked for');
    const scope = hostScope({ plan, play, inventory, host, layers, check: true, dynamic: [], facts: asked });
    const options = { ...flags, hostKeys: flags.hostKeyChecking };
    const link = createLink(targetOf(host, scope, play.play, options, plan), passwords, handshakes);
    try {
      const facts = await askFacts(link, groups, privilegeOf(becomeOf(flags), scope));
      tell({ host, facts: maskTexts(facts, mask) });
      return 0;
    } catch (error) {
      tell({ host, error: mask(errorText(error)) });
      return error instanceof HostwrightError ? error.exitCode : exitCodes.failed;
    } finally {
      link.close();
    }
  }
  const exits = await Promise.all(play.hosts.map(ask));
  // 2 and 4 together are 6.
  return [...new Set(exits)].reduce((sum, code) => sum + code, 0);
}

function errorText(error: unknown): string {
  const hint = error instanceof HostwrightError && error.hint !== undefined ? `\n  ${error.hint}` : '';
  return `${messageOf(error)}${hint}`;
}
