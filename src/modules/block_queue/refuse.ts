import { type Refuse, refuse } from '../../decision.ts';
import type { Problem } from './plan.ts';

/** The disks cannot have these settings. */
export function refusalOf({ message, advice, path, module }: Problem): Refuse {
  return refuse(message, advice, {
    ...(path !== undefined && { needs: [{ kind: 'path', name: path }] }),
    // Which module brings a scheduler is the kernel's business: any that an earlier task loads may.
    ...(module && { needs: [{ kind: 'kernel-module', name: '*' }] }),
  });
}

/** Another file of rules would win. */
export function overridden(own: string, { file, line }: { file: string; line: string }): Refuse {
  return refuse(
    `${file} is read after ${own} and says ${line.trim()}: it would win where it matches`,
    `Remove the line from ${file}, or choose a rules_file whose name sorts after it.`,
  );
}
