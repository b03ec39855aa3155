import { type Refuse, refuse } from '../../decision.ts';
import { accept } from '../../shell/answer.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';

/** A section that names those programs that the host does not have. */
export function probeTools(programs: readonly string[]): ShellText {
  return sh`for t in ${programs}; do command -v $t >/dev/null || echo $t; done`;
}

/**
 * Reads the answer of {@link probeTools}, in the section `tools`.
 * @throws CannotTell
 */
export function readMissing(answer: Answer): readonly string[] {
  return accept(answer, 'tools', [0], 'sh').stdout.split('\n').filter(Boolean);
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
