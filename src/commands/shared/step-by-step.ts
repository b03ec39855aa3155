import { exitCodes, HostwrightError } from '../../errors.ts';
import { fullName } from '../../plan/start-at.ts';
import { printable } from '../../reporters/printable.ts';
import { type Approve, askOnce } from '../../run/state/approval.ts';
import { ask } from './before-run.ts';

/**
 * Asks on the terminal before each task, once for all hosts.
 * @param quit ends the run: no other task begins
 * @param tellAll shows what the run has told so far
 * @throws HostwrightError `step.terminal` where there is no terminal
 */
export function stepByStep(quit: () => void, tellAll: () => void): Approve {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new HostwrightError('step.terminal', '--step asks on a terminal, and there is none.', {
      exitCode: exitCodes.usage,
    });
  }
  let isOver = false;
  let asks = true;
  return askOnce(async task => {
    if (isOver) return false;
    if (!asks) return true;
    tellAll();
    const letter = await choose(
      `${printable(fullName(task))}: run it? [y]es, [n]o, [c]ontinue without asking, [q]uit: `,
    );
    asks = letter !== 'c';
    isOver = letter === 'q';
    if (isOver) quit();
    return letter === 'y' || letter === 'c';
  });
}

/** An empty answer, as that of Ctrl-D, quits. */
async function choose(question: string): Promise<string> {
  for (;;) {
    const letter = (await ask(question)).trim().toLowerCase().slice(0, 1) || 'q';
    if ('yncq'.includes(letter)) return letter;
  }
}
