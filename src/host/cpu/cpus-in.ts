import { CannotTell } from '../../shell/answer.ts';
import { type Look, map, printed } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { parseCpuList } from './cpu-list.ts';

/** The CPUs that the kernel names in a file: at least one. @throws CannotTell */
export function cpusIn(
  path: string,
  parse: (text: string) => readonly number[] | undefined = parseCpuList,
): Look<readonly number[]> {
  return map(printed('cat', sh`cat ${path}`), text => {
    const cpus = parse(text.trim());
    if (!cpus || cpus.length === 0) throw new CannotTell(`the kernel names CPUs as ${JSON.stringify(text)}`);
    return cpus;
  });
}
