import { Argument, type Command } from 'commander';
import { exitCodes } from '../../errors.ts';
import { printable } from '../../reporters/printable.ts';
import { type Candidates, candidatesFor } from './candidates.ts';
import { scripts, shells } from './scripts.ts';
import { readTypedLine } from './typed-line.ts';

/** `hostwright completion SHELL`, and what its script asks: `hostwright __complete -- WORD…` */
export function addCompletion(program: Command, done: (exitCode: number) => void): void {
  program
    .command('completion')
    .description('Print what a shell needs to complete commands, options, hosts, groups, roles, tags and modules.')
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .addHelpText(
      'after',
      `
Hosts of inventory programs are left out: a completion runs none.

Examples:
  hostwright completion bash >> ~/.bashrc
  hostwright completion zsh >> ~/.zshrc       after compinit
  hostwright completion fish > ~/.config/fish/completions/hostwright.fish`,
    )
    .action((shell: (typeof shells)[number]) => {
      process.stdout.write(scripts[shell]);
      done(exitCodes.done);
    });
  program
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .action((words: readonly string[]) => {
      process.stdout.write(answerTo(program, words));
      done(exitCodes.done);
    });
}

function answerTo(program: Command, words: readonly string[]): string {
  const line = readTypedLine(program, words);
  let found: Candidates;
  try {
    found = candidatesFor(line);
  } catch {
    // A broken file is told by the command that reads it, not while it is typed.
    return '';
  }
  if (typeof found === 'string') return `:${found}\t${line.before}\n`;
  return found.map(({ word, about }) => `${lineOf(word)}\t${lineOf(about ?? '')}\n`).join('');
}

function lineOf(text: string): string {
  return printable(text.split('\n')[0] ?? '');
}
