import { type ShellText, sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';
import { accept } from '../module.ts';

/** The directory of an absolute path. */
export function directoryOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}

/** A probe section that looks at the room where a file will stand. */
export function spaceSection(path: string): Readonly<Record<'space', ShellText>> {
  const directory = directoryOf(path);
  return {
    space: sh`[ -d ${directory} ] || exit 3
df -Pk ${directory} | awk 'END { print $4 }'`,
  };
}

/** Bytes that are free there; undefined where there is no such directory. @throws CannotTell */
export function readSpace(answer: Answer): number | undefined {
  const { code, stdout } = accept(answer, 'space', [0, 3], 'df');
  return code === 3 ? undefined : Number(stdout) * 1024;
}
