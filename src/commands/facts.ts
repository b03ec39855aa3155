import type { Command } from 'commander';
import { exitCodes, HostwrightError, messageOf } from '../errors.ts';
import { factGroups } from '../facts/index.ts';
import { suggest } from '../language/suggest.ts';
import { askHosts } from './ask-hosts.ts';
import { connectionOptions, inventoryOptions, type RunFlags } from './options.ts';

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
      const exits = await askHosts(pattern, groups, flags, ({ host, facts, error }) => {
        if (facts) process.stdout.write(`${JSON.stringify({ host, facts })}\n`);
        else process.stderr.write(`${host}: ${messageOf(error)}\n`);
      });
      done(exits);
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
