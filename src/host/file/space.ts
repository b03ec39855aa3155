import { accept, CannotTell } from '../../shell/answer.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';

/** The directory of an absolute path. */
export function directoryOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}

/** A probe section that looks at the room where a file will stand. */
export function spaceSection(path: string): Readonly<Record<'space', ShellText>> {
  const directory = directoryOf(path);
  return {
    space: sh`[ -d ${directory} ] || exit 3
df -Pk ${directory}`,
  };
}

/** The room of a file system. */
export interface Space {
  /** Bytes that are free. */
  readonly free: number;
  /** What is mounted: a device, or how the file system calls itself. */
  readonly source: string;
}

/**
 * The file system where the file will be; undefined where its directory is missing.
 * @throws CannotTell
 */
export function readSpace(answer: Answer): Space | undefined {
  const { code, stdout } = accept(answer, 'space', [0, 3], 'df');
  if (code === 3) return undefined;
  // Both the source and the mount point may have spaces.
  const [, source, free] = /(?:^|\n)(.+?) +\d+ +-?\d+ +(-?\d+) +(?:\d+%|-) +\/.*\n?$/.exec(stdout) ?? [];
  if (source === undefined) throw new CannotTell(`df tells of no file system: ${stdout.slice(0, 300)}`);
  return { free: Number(free) * 1024, source };
}
