// mocha's own output, and the counts in a file: the text is for people, and CI needs numbers.
import { writeFileSync } from 'node:fs';
import mocha from 'mocha';

const patience = 30_000; // milliseconds

/** What a test has left running would keep the process, and all suites after it, for ever. */
function leave() {
  process.stderr.write(
    'The tests are over, and something that they left still runs: a timer, a server or a process.\n',
  );
  process.exit(1);
}

/** Chosen by `--reporter`; writes {passed, failed, skipped} to the option `output`. */
class CountReporter extends mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { failures, passes, pending } = runner.stats;
      const counts = { passed: passes, failed: failures, skipped: pending };
      writeFileSync(options.reporterOptions.output, JSON.stringify(counts));
      setTimeout(leave, patience).unref();
    });
  }
}

// biome-ignore lint/style/noDefaultExport: mocha loads a reporter by its default export
export default CountReporter;
