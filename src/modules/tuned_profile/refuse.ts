import { type Refuse, refuse } from '../../decision.ts';
import type { Args } from './schema.ts';
import type { Tuned } from './tuned.ts';

/** Why this profile cannot be the active one. */
export function refusalOf({ ours, profile, replace, text }: Args, state: Tuned): Refuse | undefined {
  const { active, manual, profiles, recommended, stored } = state;
  const included = includes(text);
  const missing = (text === undefined ? [profile] : included).find(name => !profiles.includes(name));
  if (missing !== undefined) {
    return refuse(
      `tuned has no profile ${missing}`,
      'Correct the name (tuned-adm list), or install the package that brings it.',
      { needs: [{ kind: 'package', name: '*' }] },
    );
  }
  if (state.rivals.length > 0) {
    return refuse(
      `${state.rivals.join(', ')} runs, which switches profiles or governors, too`,
      `Leave it to one of the two: service: {name: ${state.rivals[0]}, state: stopped, enabled: false}.`,
      { needs: state.rivals.map(name => ({ kind: 'unit', name })) },
    );
  }
  if (active === undefined) {
    return refuse('tuned does not run', 'Start it first: service: {name: tuned, state: started, enabled: true}.', {
      needs: [{ kind: 'unit', name: 'tuned.service' }],
    });
  }
  const free = ['', profile, recommended, ...included, ...ours];
  if (replace || !manual || free.includes(stored)) return undefined;
  return refuse(
    `somebody has chosen the profile ${stored} on this host; tuned itself would take ${recommended}`,
    'Keep it and leave this task out, or say that it gives way: replace: true.',
  );
}

/** The profiles that the text builds on. */
function includes(text: string | undefined): readonly string[] {
  const list = /^\s*include\s*=\s*(.+)$/m.exec(text ?? '')?.[1] ?? '';
  return list
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '' && !name.includes('$'));
}
