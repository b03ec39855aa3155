import type { ArgumentProblem } from '../../callable.ts';
import { sh } from '../../shell/quote.ts';
import { type Export, harmfulExport, nameOf, sameExport } from './exports.ts';
import type { Args } from './schema.ts';

/** The exports that the arguments ask for. */
export function wantedOf({ exports }: Args): readonly Export[] {
  return exports.flatMap(({ path, clients }) =>
    clients.map(({ to, options }) => ({ path, client: to, options: options.split(',') })),
  );
}

/** What the schema cannot say. */
export function problems(args: Args): ArgumentProblem[] {
  const wanted = wantedOf(args);
  const twice = wanted.find((one, at) => wanted.findIndex(other => sameExport(one, other)) !== at);
  const harmful = wanted.flatMap(one => {
    const problem = harmfulExport(one.options);
    return problem === undefined ? [] : [{ argument: 'exports', message: `${nameOf(one)}: ${problem}` }];
  });
  return twice ? [...harmful, { argument: 'exports', message: `${nameOf(twice)} is given twice` }] : harmful;
}

/** exportfs passes over a client whose name it cannot resolve. */
export function resolves({ client }: Export) {
  return /^[A-Za-z0-9._-]*[A-Za-z][A-Za-z0-9._-]*$/.test(client)
    ? [
        sh`getent ahosts ${client} >/dev/null || { echo ${`the name of the client ${client} cannot be resolved`} >&2; \
exit 1; }`,
      ]
    : [];
}
