import type { Command } from 'commander';
import { createLink } from '../connections/link.ts';
import { createSemaphore } from '../connections/semaphore.ts';
import { exitCodes, HostwrightError, messageOf } from '../errors.ts';
import { factGroups } from '../facts/index.ts';
import { suggest } from '../language/suggest.ts';
import { hostScope } from '../plan/host-scope.ts';
import { askFacts } from '../run/gather-facts.ts';
import { targetOf } from '../run/target.ts';
import { unknown } from '../values/scope.ts';
import { playbookOf } from './ad-hoc.ts';
import { preparePlan } from './execute.ts';
import { readExtraVars } from './extra-vars.ts';
import { connectionOptions, inventoryOptions, type RunFlags } from './options.ts';
import { askPasswords } from './passwords.ts';
import { openInventory } from './sources.ts';

/** `hostwright facts PATTERN [GROUP…]` */
export function addFacts(program: Command, done: (exitCode: number) => void): void {
  const command = program
    .command('facts')
    .description('Show what hosts are: facts, as JSON lines.')
    .argument('<pattern>', 'which hosts')
    .argument('[groups...]', 'which groups of facts; all without');
  connectionOptions(inventoryOptions(command))
    .addHelpText(
      'after',
      `\nGroups:\n${factGroups.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`).join('\n')}\n\nExamples:\n  hostwright facts hv1 cpu memory\n  hostwright facts 'hv*' libvirt -b`,
    )
    .action(async (pattern: string, names: string[], flags: RunFlags) => {
      const groups = chooseGroups(names);
      const inventory = openInventory(flags.inventory);
      const playbook = playbookOf({ hosts: pattern, tasks: [] });
      const plan = preparePlan([playbook], inventory, flags, readExtraVars(flags.extraVars));
      const [play] = plan.plays;
      const passwords = await askPasswords(flags, new Set());
      const handshakes = createSemaphore(16);
      const exits = await Promise.all(
        play!.hosts.map(async host => {
          const layers = { roleDefaults: [], play: [], roleVars: [], params: [], local: [] };
          const scope = hostScope({
            plan,
            play: play!,
            inventory,
            host,
            layers,
            check: true,
            dynamic: [],
            facts: unknown('they are being asked for'),
          });
          const options = { ...flags, hostKeys: flags.hostKeyChecking };
          const link = createLink(targetOf(host, scope, play!.play, options, plan), passwords, handshakes);
          try {
            const become = flags.become
              ? ({ method: flags.becomeMethod ?? 'sudo', user: flags.becomeUser ?? 'root' } as const)
              : undefined;
            const facts = await askFacts(link, groups, become);
            process.stdout.write(`${JSON.stringify({ host, facts })}\n`);
            return 0;
          } catch (error) {
            process.stderr.write(`${host}: ${messageOf(error)}\n`);
            return error instanceof HostwrightError ? error.exitCode : exitCodes.failed;
          } finally {
            link.reset();
          }
        }),
      );
      // 2 and 4 together are 6.
      done([...new Set(exits)].reduce((sum, code) => sum + code, 0));
    });
}

function chooseGroups(names: readonly string[]): typeof factGroups {
  const known = factGroups.map(({ name }) => name);
  const wrong = names.find(name => !known.includes(name));
  if (wrong !== undefined) {
    throw new HostwrightError('facts.unknown', `There are no facts "${wrong}".`, {
      hint: suggest(wrong, known) ?? `Groups are ${known.join(', ')}.`,
      exitCode: exitCodes.usage,
    });
  }
  return names.length === 0 ? factGroups : factGroups.filter(({ name }) => names.includes(name));
}
