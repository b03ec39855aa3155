import { once } from 'node:events';
import { createWriteStream, existsSync, fchmodSync, fstatSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { exitCodes, HostwrightError, messageOf } from '../errors.ts';
import { gathered } from './gathered.ts';
import { jsonlReporter } from './jsonl.ts';
import type { Reporter } from './reporter.ts';

/**
 * Writes all events to a file, readable by its owner only.
 * @throws HostwrightError `report.file` where it cannot be written
 */
export function reportFile(file: string): Reporter {
  const fd = openReport(file);
  const stream = createWriteStream(file, { fd });
  // A full disk must not stop a run in the middle of a change.
  const broken = once(stream, 'error').then(([cause]: Error[]) => {
    process.stderr.write(`The report ${file} is not complete: ${messageOf(cause)}\n`);
  });
  const { close, read } = gathered(stream, jsonlReporter);
  return {
    read,
    close: async () => {
      await close();
      await Promise.race([broken, new Promise<void>(done => stream.end(done))]);
    },
  };
}

function openReport(file: string): number {
  try {
    // One folder at most: a path that is misspelt makes no tree.
    if (!existsSync(dirname(file))) mkdirSync(dirname(file));
    const fd = openSync(file, 'w', 0o600);
    // A report of an earlier run keeps its mode otherwise.
    if (fstatSync(fd).isFile()) fchmodSync(fd, 0o600);
    return fd;
  } catch (cause) {
    throw new HostwrightError('report.file', `The report ${file} cannot be written: ${messageOf(cause)}`, {
      exitCode: exitCodes.usage,
      cause,
    });
  }
}
