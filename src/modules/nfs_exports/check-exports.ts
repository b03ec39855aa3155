import { type Refuse, refuse } from '../../decision.ts';
import { type Export, nameOf, parseExports, sameExport } from './exports.ts';
import type { ServerExports } from './server.ts';

/** Why the exports cannot be these. */
export function refuseExports(file: string, wanted: readonly Export[], seen: ServerExports): Refuse | undefined {
  const [missing] = seen.missing;
  if (missing !== undefined) {
    return refuse(`${missing} is not a directory`, 'Make it first (file: state: directory), or correct the path.', {
      needs: [{ kind: 'path', name: missing }],
    });
  }
  const fights = seen.others.find(one => wanted.some(other => sameExport(one, other)));
  if (fights) {
    return refuse(
      `${fights.file} exports ${nameOf(fights)}, too: which of the two holds depends on the order of files`,
      `Take it out of ${fights.file}, or out of exports.`,
    );
  }
  const stored = [...seen.others, ...parseExports(seen.file.text)];
  const byHand = seen.live.exports.find(one => ![...stored, ...wanted].some(other => sameExport(one, other)));
  return (
    byHand &&
    refuse(
      `${nameOf(byHand)} is exported and is not in any file: exportfs -r, which carries out ${file}, would end it`,
      `Write it into a file below /etc/exports.d, or end it: exportfs -u ${byHand.client}:${byHand.path}`,
    )
  );
}
