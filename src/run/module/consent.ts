import type { HazardNotice } from '../../decision.ts';
import type { Hazard } from '../../events/result.ts';

/** What was allowed: `play` and `task` by `allow:`, `commandLine` by `--allow`. */
export interface Consent {
  readonly playbook: readonly Hazard[];
  readonly commandLine: readonly Hazard[];
}

/**
 * The hazards of a change that are not allowed. Losing data needs the command line: a playbook is
 * run again and again.
 */
export function refused(hazards: readonly HazardNotice[], { playbook, commandLine }: Consent): readonly HazardNotice[] {
  return hazards.filter(({ hazard }) => {
    const allowed = commandLine.includes(hazard);
    return hazard === 'data-loss' ? !allowed : !allowed && !playbook.includes(hazard);
  });
}

/** Says what a refused change would do, and how it is allowed. */
export function refusalText(notices: readonly HazardNotice[]): { message: string; hint: string } {
  const kinds = [...new Set(notices.map(({ hazard }) => hazard))];
  const reasons = notices.map(({ hazard, subject, because }) => `${hazard} of ${subject}: ${because}`);
  const inPlaybook = kinds.every(kind => kind !== 'data-loss') ? `, or "allow: [${kinds.join(', ')}]" on the task` : '';
  return {
    message: `it needs consent: ${reasons.join('; ')}`,
    hint: `If that is what you want: --allow ${kinds.join(',')}${inPlaybook}.`,
  };
}
