// npm test [-- SUITE… [options]]: runs suites at the same time and counts over all of them.
import { parseArgs } from 'node:util';
import { ensurePackages } from './packages.ts';
import { batchesOf } from './tests/batches.ts';
import { chooseSince } from './tests/choice.ts';
import { runBatches } from './tests/run-batches.ts';
import { readSeconds, recordSeconds } from './tests/seconds.ts';
import { packagesFor, type Suite, suites } from './tests/suites.ts';
import { summaryOf } from './tests/summary.ts';

const names = suites.map(({ name }) => name).join(', ');
const help = `npm test                    most of what needs no virtual machine, and one test that does
npm run test:lab            all other tests on the lab, a hypervisor in a virtual machine
npm test -- install         every way to install Hostwright, with several versions of Node
npm run test:all            all of these, and all that npm test leaves to other commits: one of the three shells of
                            the sandboxes, and a part of the cases of conformance, of the attacks and of the pages
npm test -- SUITE… [FILE…]  some suites, or some files: ${names}

  -g, --grep TEXT           only tests whose titles match
  --since REV               of the lab: first the files that the changes since REV concern, then a share of
                            the others that is chosen by the hash of the commit; REV may be "unknown"
  --minutes N               with --since: no more of them than fit into N minutes
  --record                  keep what each file took, in test/seconds.json

With CI=true a suite that cannot run is a failure.
`;

const options = {
  grep: { type: 'string', short: 'g' },
  since: { type: 'string' },
  minutes: { type: 'string' },
  record: { type: 'boolean' },
  all: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Some files of a suite. */
type Part = { readonly suite: Suite; readonly files: readonly string[] };

class UsageError extends Error {}

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interrupted.abort());
try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n\n${help}`);
  process.exitCode = 5;
}
if (interrupted.signal.aborted) process.exitCode = 130;

async function main(): Promise<number> {
  const { positionals, values } = readArguments();
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const { grep, minutes, record, since } = values;
  const chosen = chosenParts(positionals, values.all ?? false);
  const { advice, missing } = ensurePackages(packagesFor(chosen.map(({ suite }) => suite)));
  if (advice) process.stderr.write(`Missing Debian packages: ${missing.join(' ')}\n  ${advice}\n`);
  const left = chosen.flatMap(({ suite }) => {
    const why = suite.obstacle();
    return why === undefined ? [] : [{ suite, why }];
  });
  const able = chosen.filter(({ suite }) => !left.some(({ suite: other }) => other === suite));
  const parts = since === undefined ? able : able.map(part => partSince(part, since, numberOf(minutes)));
  const seconds = readSeconds();
  const batches = parts.flatMap(({ files, suite }) => batchesOf(suite, files, seconds));
  const inShares = !values.all && positionals.length === 0;
  const outcomes = await runBatches(batches, { grep, inShares, signal: interrupted.signal });
  if (record) {
    const measured = Object.assign({}, ...outcomes.map(outcome => outcome.seconds));
    const existing = suites.flatMap(suite => suite.files());
    recordSeconds(measured, existing);
  }
  const { failed, passed, text } = summaryOf(outcomes, left, process.env.CI === 'true');
  process.stdout.write(`${text}\n${passed} passed, ${failed} failed\n`);
  return failed > 0 ? 1 : 0;
}

/** Suites with their files, or with those that were named. */
function chosenParts(words: readonly string[], all: boolean): Part[] {
  const unknown = words.find(word => !suites.some(({ files, name }) => name === word || files().includes(word)));
  if (unknown) throw new UsageError(`"${unknown}" is not a suite or a test file.`);
  const parts = suites.map(suite => {
    const files = suite.files();
    const whole = words.length === 0 ? all || !suite.apart : words.includes(suite.name);
    return { suite, files: whole ? files : files.filter(file => words.includes(file)) };
  });
  return parts.filter(({ files }) => files.length > 0);
}

/** Of the lab, the files that are due after a change; of others, all. Prints which and why. */
function partSince({ files, suite }: Part, revision: string, minutes: number): Part {
  if (suite.name !== 'lab') return { suite, files };
  const choice = chooseSince(files, { revision, minutes, atOnce: suite.atOnce });
  process.stdout.write(`${choice.text}\n`);
  return { suite, files: choice.files };
}

function numberOf(minutes: string | undefined): number {
  if (minutes !== undefined && !/^\d+$/.test(minutes)) throw new UsageError('--minutes takes a whole number.');
  return minutes === undefined ? Number.POSITIVE_INFINITY : Number(minutes);
}

function readArguments() {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
