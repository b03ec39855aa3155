import { type Refuse, refuse } from '../../decision.ts';
import type { TextGoal } from '../../host/lines/text.ts';
import { type Export, nameOf, parseExports, sameExport } from './exports.ts';

/** What else the server exports, and what cannot be exported. */
export interface Look {
  /** What the server exports now. */
  readonly live: readonly Export[];
  /** What others export, with the file that says so. */
  readonly others: readonly (Export & { readonly file: string })[];
  /** Paths to export that are not directories. */
  readonly missing: readonly string[];
}

/** Why the exports cannot be these. */
export function refuseExports(file: string, wanted: readonly Export[], state: Look & TextGoal): Refuse | undefined {
  const [missing] = state.missing;
  if (missing !== undefined) {
    return refuse(`${missing} is not a directory`, 'Make it first (file: state: directory), or correct the path.', {
      needs: [{ kind: 'path', name: missing }],
    });
  }
  const fights = state.others.find(one => wanted.some(other => sameExport(one, other)));
  if (fights) {
    return refuse(
      `${fights.file} exports ${nameOf(fights)}, too: which of the two holds depends on the order of files`,
      `Take it out of ${fights.file}, or out of exports.`,
    );
  }
  const stored = [...state.others, ...parseExports(state.text)];
  const byHand = state.live.find(one => ![...stored, ...wanted].some(other => sameExport(one, other)));
  return (
    byHand &&
    refuse(
      `${nameOf(byHand)} is exported and is not in any file: ` + `exportfs -r, which carries out ${file}, would end it`,
      `Write it into a file below /etc/exports.d, or end it: exportfs -u ${byHand.client}:${byHand.path}`,
    )
  );
}
