import type { Command } from 'commander';
import { readPlaybook } from '../language/parse/parse-playbook.ts';
import { type BeforeFlags, beforeOptions } from './shared/before-run.ts';
import { vocabulary } from './shared/catalogue.ts';
import { type Continuing, execute } from './shared/execute.ts';
import { connectionOptions, inventoryOptions, type RunFlags, runOptions, tagOptions } from './shared/options.ts';
import { openInventory } from './shared/sources.ts';

/** `hostwright play PLAYBOOK…` */
export function addPlay(program: Command, done: (exitCode: number) => void, more?: Continuing): void {
  const command = program
    .command('play')
    .description('Bring hosts to the condition that playbooks state.')
    .argument('<playbook...>', 'files');
  beforeOptions(connectionOptions(runOptions(tagOptions(inventoryOptions(command)))))
    .addHelpText(
      'after',
      `
Examples:
  hostwright play site.yml -i inventory.yml --check --diff  what would change
  hostwright play site.yml -i inventory.yml --list          its hosts and tasks
  hostwright play site.yml -i inventory.yml                 do it
  hostwright play site.yml -l 'hv*:!hv7' -t hugepages       some hosts and tasks
  hostwright play site.yml --allow reboot                   reboots, one by one`,
    )
    .action(async (files: string[], flags: RunFlags & BeforeFlags) => {
      const playbooks = files.map(file => readPlaybook(file, vocabulary));
      done(
        await execute(
          {
            title: files.join(' '),
            playbooks,
            survey: () => openInventory(flags.inventory, files),
            isKept: true,
            ...more,
          },
          flags,
        ),
      );
    });
}
