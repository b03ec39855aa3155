import { join } from 'node:path';

/**
 * The script that starts Hostwright. The runner of all suites builds it once, as it is installed,
 * which starts in half the time; a file that is run alone uses the sources.
 */
export const program = process.env.HOSTWRIGHT_TEST_PROGRAM ?? join(import.meta.dirname, '../bin/hostwright.js');
