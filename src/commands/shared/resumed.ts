import type { Inputs, RunStart } from '../../events/run-start.ts';
import { differingInputs } from '../../journal/differing-inputs.ts';
import { UnusableRun } from '../../journal/errors.ts';
import { printable } from '../../reporters/printable.ts';
import type { Recorded } from '../../run/state/recorded.ts';
import { quote } from '../../shell/quote.ts';

/** A recorded run that a command continues. */
export interface Resumed {
  readonly start: RunStart;
  readonly recorded: Recorded;
  /** The command line that carries it out, for the record. */
  readonly arguments: readonly string[];
  /** The command that continues it, for people. */
  readonly command: string;
  /** Whether its inputs may differ from those of the recorded run. */
  readonly inputsChanged: boolean;
}

/**
 * What differs between the inputs of an earlier run and those of one that goes on from it, as
 * lines; undefined if nothing does.
 */
export function differencesText(before: Inputs, now: Inputs): string | undefined {
  const lines = differingInputs(before, now);
  return lines.length === 0 ? undefined : indented(lines);
}

/** The options for the variables of `-e` that are missing, to be filled in; empty if none is. */
export function missingWords({ variables }: Inputs, given: object): string {
  const missing = Object.keys(variables).filter(name => !(name in given));
  return printable(missing.map(name => ` -e ${quote(`${name}=…`)}`).join(''));
}

/** @throws UnusableRun where a value of `-e` is missing and inputs may not differ */
export function refuseMissing({ start, recorded, command, inputsChanged }: Resumed, given: object): void {
  const missing = start.inputs && missingWords(start.inputs, given);
  if (!missing || inputsChanged) return;
  const hint = `Values of -e are not recorded; give them again: ${command}${missing}`;
  throw new UnusableRun('variables', `The run ${recorded.run} had values of -e that are missing.`, hint);
}

/** @throws UnusableRun where inputs differ and may not */
export function refuseOtherInputs({ start, recorded, command, inputsChanged }: Resumed, now: Inputs): void {
  const { run } = recorded;
  const differences = start.inputs && differencesText(start.inputs, now);
  if (differences === undefined || inputsChanged) return;
  const hint = `Undo that, or go on with what is there now: ${command} --inputs-changed`;
  throw new UnusableRun('inputs', `The inputs of the run ${run} are not what they were:\n${differences}`, hint);
}

function indented(lines: readonly string[]): string {
  const shown = lines.slice(0, most);
  const more = lines.length > most ? [`and ${lines.length - most} more`] : [];
  return [...shown, ...more].map(line => `  ${line}`).join('\n');
}

/** Differences that are told one by one. */
const most = 20;
