import type { Command } from 'commander';
import { stringify } from 'yaml';
import { exitCodes, HostwrightError } from '../errors.ts';
import { factGroups } from '../facts/index.ts';
import { suggest } from '../language/suggest.ts';
import { printableLines } from '../reporters/printable.ts';
import { quote } from '../shell/quote.ts';
import { factHint } from '../values/jinja/facts.ts';
import { askHosts } from './shared/ask-hosts.ts';
import { connectionOptions, inventoryOptions, type RunFlags } from './shared/options.ts';

/** `hostwright facts PATTERN [GROUP…]` */
export function addFacts(program: Command, done: (exitCode: number) => void): void {
  const command = program
    .command('facts')
    .description('Show what hosts are: facts, as JSON lines; on a terminal as YAML.')
    .argument('<pattern>', 'which hosts')
    .argument('[groups...]', 'groups of facts (default: all)');
  connectionOptions(inventoryOptions(command))
    .addHelpText(
      'after',
      `
Groups:
${factGroups.map(({ name, summary }) => `  ${name.padEnd(14)} ${summary}`).join('\n')}

Examples:
  hostwright facts hv1 cpu memory
  hostwright facts 'hv*' libvirt -b`,
    )
    .action(async (pattern: string, names: string[], flags: RunFlags) => {
      const groups = chooseGroups(names, pattern);
      const exits = await askHosts(pattern, groups, flags, ({ host, facts, error }) => {
        if (facts) process.stdout.write(factsText(host, facts, process.stdout.isTTY));
        else process.stderr.write(printableLines(`${host}: ${error}\n`));
      });
      done(exits);
    });
}

/** The facts of a host: a line of JSON for programs, an outline in YAML for people. */
export function factsText(host: string, facts: Readonly<Record<string, unknown>>, isForPeople: boolean): string {
  return isForPeople
    ? printableLines(stringify({ [host]: facts }, { lineWidth: 0 }))
    : `${JSON.stringify({ host, facts })}\n`;
}

function chooseGroups(names: readonly string[], pattern: string): typeof factGroups {
  const known = factGroups.map(({ name }) => name);
  const wrong = names.find(name => !known.includes(name));
  if (wrong !== undefined) {
    throw new HostwrightError('facts.unknown', `There are no facts "${wrong}".`, {
      hint: factOfAnsible(wrong, pattern) ?? suggest(wrong, known) ?? `Groups are ${known.join(', ')}.`,
      exitCode: exitCodes.usage,
    });
  }
  return names.length === 0 ? factGroups : factGroups.filter(({ name }) => names.includes(name));
}

/** Where a fact of Ansible is in a playbook, and the command that shows it. */
function factOfAnsible(name: string, pattern: string): string | undefined {
  const hint = factHint(name);
  if (hint === undefined) return undefined;
  const group = /\bfacts\.(\w+)/.exec(hint)?.[1] ?? '';
  const command = `Write: hostwright facts ${[pattern, group].filter(Boolean).map(quote).join(' ')}`;
  return `${hint.replace('Write:', 'In a playbook:').replace(/\.$/, '')}. ${command}`;
}
