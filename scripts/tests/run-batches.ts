import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildProgram } from '../program.ts';
import type { Batch } from './batches.ts';
import { prepareLab } from './lab-ready.ts';
import { lostMachine } from './lost-machine.ts';
import { type MochaOptions, type Outcome, runMocha } from './mocha.ts';
import { runPool } from './pool.ts';

/** More than there are processors: many tests wait for something. */
const workers = availableParallelism() + 1;

/** Milliseconds between two lines about what is running. */
const heartbeat = 30_000;

/** Runs all batches, and prints what each has printed when it has ended. */
export async function runBatches(batches: readonly Batch[], options: MochaOptions): Promise<readonly Outcome[]> {
  if (!batches.some(({ suite }) => suite.startsProgram)) return await runAll(batches, options);
  const folder = mkdtempSync(join(tmpdir(), 'hw-built-'));
  try {
    return await runAll(batches, { ...options, program: buildProgram(folder) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runAll(batches: readonly Batch[], options: MochaOptions): Promise<readonly Outcome[]> {
  const { signal } = options;
  const outcomes: Outcome[] = [];
  const begun = new Map<Batch, number>();

  async function run(batch: Batch): Promise<void> {
    begun.set(batch, Date.now());
    const outcome = await runTwiceIfLost(batch, options);
    begun.delete(batch);
    outcomes.push(outcome);
    const { failed, output, passed } = outcome;
    if (passed + failed > 0) process.stdout.write(`\n== ${batch.suite.name}\n${output}`);
  }
  function tell(): void {
    process.stderr.write(`${stateOf(begun, batches.length - outcomes.length)}\n`);
  }
  const beat = setInterval(tell, heartbeat);
  const ready = prepareLab([...new Set(batches.map(({ suite }) => suite))], signal);
  await runPool(batches, run, { workers, ready, signal });
  clearInterval(beat);
  return outcomes;
}

/**
 * A machine that stopped answering says nothing of what is tested on it: the files run once more.
 */
async function runTwiceIfLost(batch: Batch, options: MochaOptions): Promise<Outcome> {
  const outcome = await runMocha(batch, options);
  const why = lostMachine(outcome);
  if (why === undefined || options.signal.aborted) return outcome;
  process.stdout.write(`\n== ${batch.suite.name}\n${outcome.output}`);
  process.stdout.write(`\nRuns again: ${batch.files.join(' ')}, whose machine was lost: ${why.trim()}\n`);
  return await runMocha(batch, options);
}

function stateOf(begun: ReadonlyMap<Batch, number>, left: number): string {
  const rows = [...begun].map(([{ files }, start]) => {
    const more = files.length > 1 ? ` and ${files.length - 1} more` : '';
    return `${files[0]}${more} (${Math.round((Date.now() - start) / 1000)} s)`;
  });
  const running = rows.length > 0 ? rows.join(', ') : 'nothing: the machines of the lab are not ready';
  return `… running: ${running}; ${left - begun.size} groups of files wait`;
}
