// mocha's own output, and the counts in a file: the text is for people, and CI needs numbers.
import { writeFileSync } from 'node:fs';
import mocha from 'mocha';

/** Chosen by `--reporter`; writes {passed, failed, skipped} to the option `output`. */
class CountReporter extends mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { failures, passes, pending } = runner.stats;
      const counts = { passed: passes, failed: failures, skipped: pending };
      writeFileSync(options.reporterOptions.output, JSON.stringify(counts));
    });
  }
}

// biome-ignore lint/style/noDefaultExport: mocha loads a reporter by its default export
export default CountReporter;
