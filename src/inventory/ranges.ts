import { exitCodes, HostwrightError } from '../errors.ts';

/** More hosts than a run can have: a range with more of them has a typing error. */
const mostHosts = 65_536;

/**
 * Host names of a range: `web[01:03].lab` is web01.lab, web02.lab and web03.lab; `db-[a:c]`;
 * `h[0:10:5]` counts in steps.
 * @throws HostwrightError `inventory.range`
 */
export function expandRange(text: string): readonly string[] {
  const match = /^(.*?)\[([0-9]+|[a-zA-Z]):([0-9]+|[a-zA-Z])(?::([0-9]+))?\](.*)$/.exec(text);
  if (!match) return [text];
  const [, head, first, last, step, tail] = match as unknown as [
    string,
    string,
    string,
    string,
    string | undefined,
    string,
  ];
  const names = range(first, last, Number(step ?? 1)).map(part => head + part);
  return names.flatMap(name => expandRange(tail).map(end => name + end));
}

function range(first: string, last: string, step: number): readonly string[] {
  const digits = /^[0-9]+$/.test(first);
  const from = digits ? Number(first) : first.charCodeAt(0);
  const to = digits ? Number(last) : last.charCodeAt(0);
  const count = Math.max(0, Math.floor((to - from) / Math.max(1, step)) + 1);
  if (count > mostHosts) {
    throw new HostwrightError('inventory.range', `The range [${first}:${last}] has ${count} hosts.`, {
      hint: `A range has at most ${mostHosts}; look for a digit too many.`,
      exitCode: exitCodes.usage,
    });
  }
  return Array.from({ length: count }, (_, at) => from + at * Math.max(1, step)).map(value =>
    digits ? String(value).padStart(first.startsWith('0') ? first.length : 0, '0') : String.fromCharCode(value),
  );
}
