import { firstLine, indented, linesOf, paint, rest, withReason } from './format.ts';
import { foldNames } from './host-names.ts';
import type { Trouble } from './outcome.ts';
import { printable } from './printable.ts';
import type { ReporterOptions } from './reporter.ts';

/** Lines of a reason that a recap repeats. */
const mostReasons = 5;

/** A failure once more, once for all of its hosts. @param all how many hosts there were */
export function troubleLines(
  trouble: Trouble,
  all: number,
  options: Pick<ReporterOptions, 'colors'>,
): readonly string[] {
  const { status, hosts, title, message, hint, at } = trouble;
  const head = paint('red', `${status} on ${hosts.length} of ${all}`, options);
  const names = printable(foldNames(hosts));
  const why = title === undefined ? withReason('', message) : `— ${title}: ${firstLine(message)}`;
  return [
    `${head}: ${names} ${why}`,
    ...indented([
      ...linesOf(rest(message)).slice(0, mostReasons),
      ...linesOf(hint ?? ''),
      ...(at === undefined ? [] : [`at ${printable(at)}`]),
    ]),
  ];
}
