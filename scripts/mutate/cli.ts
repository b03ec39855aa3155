// npm run mutate: breaks the sources on purpose, one place at a time, and says which breaks no test
// notices.
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type Suite, suites } from '../tests/suites.ts';
import { choose } from './choose.ts';
import { mutationsOf } from './enumerate.ts';
import { outdated, readEquivalents } from './equivalent.ts';
import { mutate, sound, type Teller, type TestFile } from './mutate.ts';
import type { Mutation } from './mutation.ts';
import { showProgress } from './progress.ts';
import { changeText, countsOf, missedText, reportJson, tableText } from './report.ts';
import { filesAt, filesChangedSince } from './source-files.ts';

const names = suites.map(({ name }) => name).join(', ');
const help = `npm run mutate [-- PATH… OPTIONS]   breaks sources on purpose, and says what no test notices

PATH             files or folders below src/; without them, what has changed since REV
--since REV      the branch or commit that changes count from (HEAD^)
--count N        how many mutations, evenly from all files (50)
--seed TEXT      which ones (1): the same seed and sources give the same mutations
--suite NAME,…   whose tests may notice: ${names} (all but site and lab)
--jobs N         how many test files run at a time (one for each processor)
--most SECONDS   of tests for one mutation, the quickest first (120)
--at-least N     percent that must be noticed, or the exit code is 1 (80)
--json FILE      stores all results
--list           only lists the mutations
--fresh          measures all tests again

Which test executes what is measured once and kept in node_modules/.cache. A test file is measured
again when it changes, or when a mutated source that it executes changes. Use --fresh when a
helper of tests has changed, or what imports what.
Mutations that change nothing anyone could see are listed in test/mutations.yml.
`;

const options = {
  since: { type: 'string', default: 'HEAD^' },
  count: { type: 'string', default: '50' },
  seed: { type: 'string', default: '1' },
  suite: { type: 'string' },
  jobs: { type: 'string', default: String(availableParallelism()) },
  most: { type: 'string', default: '120' },
  'at-least': { type: 'string', default: '80' },
  json: { type: 'string' },
  list: { type: 'boolean', default: false },
  fresh: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const teller: Teller = {
  progress: showProgress,
  missed: result => process.stdout.write(missedText(result)),
  leftOut: file => process.stderr.write(`${file} is left out: it fails without any mutation.\n`),
};

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
process.exitCode = await main().catch((error: unknown) => {
  if (stop.signal.aborted) return 99;
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  return 5;
});

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({ options, allowPositionals: true });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const [count, jobs, most] = [numberOf(values.count), numberOf(values.jobs), numberOf(values.most)];
  const atLeast = numberOf(values['at-least']);
  if (jobs === 0) throw new Error('Nothing is tried with --jobs 0');
  const files = positionals.length > 0 ? filesAt(positionals) : filesChangedSince(values.since);
  const mutations = chosenFrom(files, count, values.seed);
  if (values.list) {
    process.stdout.write(mutations.map(changeText).join(''));
    return 0;
  }
  if (mutations.length === 0) {
    process.stderr.write('There is nothing to mutate.\n');
    return 0;
  }
  const root = process.cwd();
  const equivalents = readEquivalents(root);
  for (const { becomes, file, line } of outdated(root, equivalents))
    throw new Error(`test/mutations.yml lists a mutation that ${file} does not have: ${line} -> ${becomes}`);
  const tests = suitesOf(values.suite).flatMap(testsOf);
  const limits = { jobs, most, fresh: values.fresh };
  const results = await mutate({ root, mutations, equivalents, tests, ...limits, signal: stop.signal, teller });
  process.stdout.write(`\n${tableText(results)}`);
  if (values.json !== undefined) writeFileSync(values.json, reportJson(results));
  return countsOf(results).percent >= atLeast ? 0 : 1;
}

function numberOf(text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`"${text}" is not a number\n\n${help}`);
  return Number(text);
}

function chosenFrom(files: string[], count: number, seed: string): Mutation[] {
  const all = files.flatMap(file => mutationsOf(file, readFileSync(file, 'utf8')));
  // Some of them may be unsound: a few more are chosen than are wanted.
  return sound(process.cwd(), choose(all, Math.ceil(count * 1.1), seed)).slice(0, count);
}

function suitesOf(text: string | undefined): Suite[] {
  const wanted = text?.split(',') ?? suites.filter(({ shapes }) => !shapes).map(({ name }) => name);
  const unknown = wanted.find(name => !suites.some(suite => suite.name === name));
  if (unknown !== undefined) throw new Error(`"${unknown}" is not a suite: ${names}`);
  return suites.filter(({ name }) => wanted.includes(name)).filter(couldRun);
}

function couldRun({ name, obstacle }: Suite): boolean {
  const why = obstacle();
  if (why !== undefined) process.stderr.write(`${name} is left out: ${why}\n`);
  return why === undefined;
}

/** A suite of which one process runs at a time is so here, too. */
function testsOf({ atOnce, files, name }: Suite): TestFile[] {
  return files().map(file => (atOnce > 1 ? { file } : { file, alone: name }));
}
