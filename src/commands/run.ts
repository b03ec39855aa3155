import type { Command } from 'commander';
import { secretTexts } from '../callable.ts';
import { exitCodes, HostwrightError } from '../errors.ts';
import { suggest } from '../language/suggest.ts';
import { modules } from '../modules/index.ts';
import { openReporters } from '../reporters/open.ts';
import { playbookOf, readArguments } from './shared/ad-hoc.ts';
import { type BeforeFlags, beforeOptions } from './shared/before-run.ts';
import { catalogue, findCallable } from './shared/catalogue.ts';
import { type Continuing, execute, type Job } from './shared/execute.ts';
import { foreignRun } from './shared/foreign-words.ts';
import { connectionOptions, inventoryOptions, type RunFlags, runOptions } from './shared/options.ts';
import { openInventory } from './shared/sources.ts';

/** `hostwright run PATTERN MODULE [ARGUMENT…]` */
export function addRun(program: Command, done: (exitCode: number) => void, more?: Continuing): void {
  const command = program
    .command('run')
    .description('Run one module on hosts, now.')
    .argument('<pattern>', 'which hosts')
    .argument('<module>', 'which module')
    .argument(
      '[arguments...]',
      'k=v, a JSON map, @FILE, or the text of command and shell; quote it, or write -- before it',
    );
  beforeOptions(connectionOptions(runOptions(inventoryOptions(command))))
    .addHelpText(
      'after',
      `
Examples:
  hostwright run 'hv*' command uptime
  hostwright run 'hv*' shell 'ls /dev/disk/by-id | wc -l'
  hostwright run hv1 service name=libvirtd state=restarted -b
  hostwright run all copy '{"content": "hello\\n", "dest": "/etc/motd"}' -C -D`,
    )
    .action(async (pattern: string, name: string, words: string[], flags: RunFlags & BeforeFlags) => {
      const module = findCallable(name);
      if (!module) {
        const hint =
          foreignRun(name, pattern) ?? suggest(name, catalogue.keys()) ?? 'See "hostwright doc" for the modules.';
        throw new HostwrightError('module.unknown', `There is no module "${name}".`, {
          hint,
          exitCode: exitCodes.usage,
        });
      }
      const args = readArguments(words, module.args, module.freeForm);
      const playbook = playbookOf({ name: 'ad hoc', hosts: pattern, tasks: [{ name, [name]: args }] });
      // What was printed or found is what an ad hoc command is for.
      const shown = { ...flags, verbose: Math.max(1, flags.verbose) };
      const job: Job = {
        title: `run ${name}`,
        playbooks: [playbook],
        survey: () => openInventory(flags.inventory),
        open: given => openReporters(given, { found }),
        isKept: true,
        ...more,
        secrets: secretTexts(args, module.args),
      };
      done(await execute(job, shown));
    });
}

function found(name: string, fields: Readonly<Record<string, unknown>>): string {
  return modules.find(module => module.name === name)?.found?.(fields) ?? '';
}
