import type { ChangePart } from '../../decision.ts';
import { CannotTell } from '../../shell/answer.ts';
import { ask, type Look, map } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';

/**
 * What the kernel says in a file of /proc/sys or /sys; undefined where it has no such file.
 * @param name what the file is called in messages: a key, or its path.
 */
export function kernelFile(path: string, name: string = path): Look<string | undefined> {
  return map(ask('cat', sh`cat ${path}`, [0, 1]), ({ code, stdout, stderr }) => {
    if (code === 0) return stdout;
    if (/: (No such file or directory|Not a directory)\s*$/.test(stderr)) return undefined;
    throw new CannotTell(`could not read ${name}: ${stderr.trim()}`, {
      advice: 'Some settings of the kernel are for root only, some cannot be read.',
    });
  });
}

/** How a diff shows a value of the kernel: what it is called, and what it is. */
export interface KernelDiff {
  readonly subject: string;
  readonly before: string | number | undefined;
  /** Where that is another text than the value. */
  readonly after?: string;
}

/** Writes a value to a file of the running kernel. */
export function setKernelFile(path: string, value: string | number, show: KernelDiff): ChangePart {
  const { subject, before, after = value } = show;
  return {
    diff: [{ subject, before: `${before}\n`, after: `${after}\n` }],
    apply: script({ live: sh`hw_kernel ${path} ${value}` }),
  };
}
