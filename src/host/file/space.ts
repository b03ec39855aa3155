import { CannotTell } from '../../shell/answer.ts';
import { ask, type Look, map } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';

/** The directory of an absolute path. */
export function directoryOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}

/** The room of a file system. */
export interface Space {
  /** Bytes that are free. */
  readonly free: number;
  /** What is mounted: a device, or how the file system calls itself. */
  readonly source: string;
}

/**
 * The room of the file system where a file is or will be; undefined where its directory is missing.
 * @throws CannotTell
 */
export function spaceFor(path: string): Look<Space | undefined> {
  const directory = directoryOf(path);
  const text = sh`[ -d ${directory} ] || exit 3
df -Pk ${directory}`;
  return map(ask('df', text, [0, 3]), ({ code, stdout }) => (code === 3 ? undefined : spaceIn(stdout)));
}

/** @throws CannotTell */
function spaceIn(text: string): Space {
  // Both the source and the mount point may have spaces.
  const [, source, free] = /(?:^|\n)(.+?) +\d+ +-?\d+ +(-?\d+) +(?:\d+%|-) +\/.*\n?$/.exec(text) ?? [];
  if (source === undefined) throw new CannotTell(`df tells of no file system: ${text.slice(0, 300)}`);
  return { free: Number(free) * 1024, source };
}
