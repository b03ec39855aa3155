// mocha's own output, and what it comes to in a file: the text is for people, and the runner of all
// suites needs numbers.
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import mocha from 'mocha';

const patience = 30_000; // milliseconds

/** What a test has left running would keep the process for ever. */
function leave() {
  process.stderr.write(
    'The tests are over, and something that they left still runs: a timer, a server or a process.\n',
  );
  process.exit(1);
}

/** What an error says, and what caused it: a property that fails has the reason there. */
function messageOf(error) {
  const cause = error?.cause ? messageOf(error.cause) : '';
  return [error?.message ?? '', ...(cause ? [`Caused by: ${cause}`] : [])].join('\n');
}

/**
 * Chosen by `--reporter`; writes {passed, failed, skipped, failures, seconds} to the option `output`.
 * `failures` are [{title, file, message}], `seconds` is what each file took.
 */
class CountReporter extends mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const seconds = {};
    let start = 0;
    runner.on('suite', suite => {
      if (suite.parent?.root) start = Date.now();
    });
    runner.on('suite end', suite => {
      if (!suite.parent?.root) return;
      const file = relative('.', suite.file);
      seconds[file] = (seconds[file] ?? 0) + (Date.now() - start) / 1000;
    });
    runner.once('end', () => {
      const { failures: failed, passes: passed, pending: skipped } = runner.stats;
      const failures = this.failures.map(test => ({
        ...{ title: test.fullTitle(), file: relative('.', test.file ?? ''), message: messageOf(test.err) },
      }));
      writeFileSync(options.reporterOptions.output, JSON.stringify({ passed, failed, skipped, failures, seconds }));
      setTimeout(leave, patience).unref();
    });
  }
}

// biome-ignore lint/style/noDefaultExport: mocha loads a reporter by its default export
export default CountReporter;
