import type { DriftReport } from '../../drift/report.ts';
import type { Line } from '../../events/run-start.ts';
import type { EventReader } from '../../events/stream.ts';
import type { JournalFault } from '../../journal/errors.ts';
import { lastRun } from '../../journal/find-run.ts';
import { hashKey, makeRunsFolder, runIds, stateFolder } from '../../journal/folder.ts';
import { hashInputs, hashWith, type InputTexts } from '../../journal/inputs.ts';
import { removeOld } from '../../journal/keep.ts';
import { leftOver } from '../../journal/left-over.ts';
import { originOf } from '../../journal/origin.ts';
import { openJournal } from '../../journal/write.ts';
import { notify } from '../../notify/notify.ts';
import { receiverOf } from '../../notify/receiver.ts';
import type { Plan } from '../../plan/plan.ts';
import { printable } from '../../reporters/printable.ts';
import type { LeftOver } from '../../run/state/left-over.ts';
import type { RunAbout } from '../../run/state/run-options.ts';
import { withoutValues } from './arguments.ts';
import { hostsOfPlan } from './before-run.ts';
import { withOptions } from './option-words.ts';
import type { RunFlags } from './options.ts';
import { type Resumed, refuseOtherInputs } from './resumed.ts';

/** What is told of a run when it begins, and who keeps what is told of it. */
export interface Recording {
  readonly about: RunAbout;
  readonly readers: readonly EventReader[];
  readonly kept?: () => Promise<void>;
  /** What earlier runs have left to do. */
  readonly leftOver: ReadonlyMap<string, LeftOver>;
  /** Why the run could not be recorded to its end. */
  readonly fault: () => JournalFault | undefined;
  readonly close: () => Promise<void>;
  /** Tells what has become of hosts to whom the settings name, once it is closed. */
  readonly notify: () => Promise<void>;
}

/** What a record is about, and what happens where it cannot go on. */
interface Wanted {
  readonly title: string;
  readonly plan: Plan;
  readonly inputs: () => InputTexts;
  readonly isKept: boolean;
  /** Words of options that the command line does not have, and that count as if it had. */
  readonly taken?: readonly string[] | undefined;
  readonly line: Line;
  /** The run that it continues. */
  readonly resumed?: Resumed | undefined;
  readonly drift?: (() => Promise<DriftReport>) | undefined;
  readonly onSlow: (text: string) => void;
  readonly onFault: (fault: JournalFault) => void;
}

/**
 * Begins the record of a run: its journal, unless the command or its options want none.
 * @throws JournalFault, HostwrightError `journal.foreign`, `notify.…`
 */
export async function beginRecord(wanted: Wanted, flags: RunFlags): Promise<Recording> {
  const { title, plan, isKept, taken = [], line, resumed, drift } = wanted;
  const state = stateFolder(flags.state);
  const origin = originOf(resumed?.arguments ?? withOptions(ownArguments(state, flags), taken));
  const resumes = resumed && { resumes: resumed.recorded.run };
  if (!isKept || (flags.journal === false && !resumed)) return { ...unrecorded, about: { title, origin, line } };
  const receiver = receiverOf(flags);
  makeRunsFolder(state);
  const inputs = hashInputs(wanted.inputs(), hashWith(hashKey(state)));
  if (resumed) refuseOtherInputs(resumed, inputs);
  // A run that goes on comes to it by itself.
  const left = resumed ? new Map() : await leftOver(state, hostsOfPlan(plan));
  let fault: JournalFault | undefined;
  const onFault = (found: JournalFault) => {
    fault = found;
    wanted.onFault(found);
  };
  const journal = await openJournal(state, { onSlow: wanted.onSlow, onFault });
  async function close(): Promise<void> {
    await journal.close();
    if (!fault) removeOld(state, { days: flags.keepDays, runs: flags.keepRuns });
  }
  async function tell(): Promise<void> {
    if (!receiver || fault) return;
    const why = await notify({ state, run: journal.id, drift }, receiver);
    if (why !== undefined) process.stderr.write(`${printable(`Not notified: ${why}`)}.\n`);
  }
  const about = { run: journal.id, title, origin, inputs, line, ...resumes };
  return {
    about,
    readers: [journal.read],
    kept: journal.kept,
    leftOver: left,
    fault: () => fault,
    close,
    notify: tell,
  };
}

const unrecorded: Omit<Recording, 'about'> = {
  readers: [],
  leftOver: new Map(),
  fault: () => undefined,
  close: async () => {},
  notify: async () => {},
};

/**
 * The command line of this process as another one can repeat it: without the values of variables,
 * and with the id of the run that was the last one.
 */
function ownArguments(state: string, { extraVars }: RunFlags): readonly string[] {
  const words = withoutValues(process.argv.slice(2), extraVars);
  const name = `@${lastRun}:`;
  // Who wants no record need not have a folder for it.
  const last = words.some(word => word.includes(name)) ? runIds(state).at(-1) : undefined;
  return last === undefined ? words : words.map(word => word.replaceAll(name, `@${last}:`));
}
