import { Command } from 'commander';
import type { Origin } from '../../events/run-start.ts';
import { UnusableRun } from '../../journal/errors.ts';
import { optionWords } from './option-words.ts';
import { connectionOptions, inventoryOptions } from './options.ts';

/** Options about inventories that are for one run alone. */
const own = ['limit', 'extraVars', 'state'];

/**
 * Gives a command the options about inventories and connections that a recorded run had, unless it
 * was given them itself.
 * @param there how to give the command in the folder of that run
 * @returns those options as words
 * @throws UnusableRun in another folder, where its paths would mean other files
 */
export function useRecorded(
  command: Command,
  { arguments: words, directory }: Origin,
  there: string,
): readonly string[] {
  if (process.cwd() !== directory)
    throw new UnusableRun(
      'directory',
      `The run was started in ${directory}, where its inventory is.`,
      `Go there: ${there}`,
    );
  const recorded = connectionOptions(inventoryOptions(new Command()))
    .exitOverride()
    .allowUnknownOption()
    .allowExcessArguments()
    .parse([...words], { from: 'user' });
  const given = command.options.filter(option => command.getOptionValueSource(option.attributeName()) === 'cli');
  const left = [...own, ...given.map(option => option.attributeName())];
  for (const option of recorded.options) {
    const name = option.attributeName();
    if (recorded.getOptionValueSource(name) === 'cli' && !left.includes(name))
      command.setOptionValueWithSource(name, recorded.getOptionValue(name), 'cli');
  }
  return optionWords(recorded, left);
}
