import type { ChangePart } from '../../decision.ts';
import { sha256Of } from '../../host/file/goal.ts';
import { raw, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { type Export, nameOf, sameExport } from './exports.ts';
import type { ServerExports } from './server.ts';

/** Gives the server what the files say: what differs or is stale goes from one to the other. */
export function exportAll(
  { exports, shown }: ServerExports['live'],
  differ: readonly Export[],
  stale: readonly Export[],
): ChangePart {
  const touched = exports.filter(one => [...differ, ...stale].some(other => sameExport(one, other)));
  return {
    diff:
      differ.length + stale.length === 0
        ? []
        : [{ subject: 'exports (live)', before: exportLines(touched), after: exportLines(differ) }],
    guard: script({ server: sh`[ "$(exportfs -s | sha256sum)" = ${`${sha256Of(shown)}  -`} ] || exit 75` }),
    apply: script({ live: raw('exportfs -ra') }),
    hazards: stale.map(one => ({
      hazard: 'service-interruption',
      subject: nameOf(one),
      because: 'its clients lose it at once, and requests that wait for it fail.',
    })),
  };
}

function exportLines(exports: readonly Export[]): string {
  return exports.map(({ path, client, options }) => `${path} ${client}(${options.join(',')})\n`).join('');
}
