import { type Refuse, refuse } from '../../decision.ts';
import { type Look, map, printed } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';

/** Those of these programs that the host does not have. */
export function missingTools(programs: readonly string[]): Look<readonly string[]> {
  const text = sh`for t in ${programs}; do command -v $t >/dev/null || echo $t; done`;
  return map(printed('sh', text), names => names.split('\n').filter(Boolean));
}

/**
 * What prevents a change with these programs: busybox has its own for adding and removing, and none
 * that alters an account, so that nothing less than the shadow tools will do.
 */
export function refuseMissing(missing: readonly string[], used: readonly string[]): Refuse | undefined {
  const program = used.find(one => missing.includes(one));
  if (program === undefined) return undefined;
  return refuse(
    `${program} is not installed`,
    'Install the shadow tools: package passwd on Debian, shadow-utils on Fedora and its kin, shadow on Alpine.',
    { needs: [{ kind: 'program', name: program }] },
  );
}

/** An entry that is not in the host's own file cannot be changed by the host's tools. */
export function refuseForeign(kind: 'user' | 'group', name: string): Refuse {
  return refuse(
    `the ${kind} ${name} comes from a directory service (getent), not from ` +
      `${kind === 'user' ? '/etc/passwd' : '/etc/group'}`,
    'Change it there, or choose another name.',
  );
}
