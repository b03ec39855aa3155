import type { Answer, Output } from './script.ts';

export type ResourceKind =
  | 'path'
  | 'package'
  | 'program'
  | 'unit'
  | 'user'
  | 'group'
  | 'volume-group'
  | 'logical-volume'
  | 'domain'
  | 'mount'
  | 'kernel-module';

export interface Resource {
  readonly kind: ResourceKind;
  /** A path, a package, `vg/lv`, a domain's name. */
  readonly name: string;
}

/**
 * "Could not look": a permission, a lock, a missing tool, text that cannot be parsed. It fails the
 * task and never decides a change.
 */
export class CannotTell extends Error {
  readonly advice: string | undefined;
  readonly needs: readonly Resource[];

  constructor(message: string, options: { advice?: string; needs?: readonly Resource[] } = {}) {
    super(message);
    this.name = 'CannotTell';
    this.advice = options.advice;
    this.needs = options.needs ?? [];
  }
}

/**
 * The output of a section whose exit code is one that the module knows.
 * @param program what ran, for the message; exit code 127 says that it is not there and names it as
 * needed.
 * @throws CannotTell for a missing section or any other exit code.
 */
export function accept(answer: Answer, section: string, codes: readonly number[], program: string): Output {
  const found = answer[section];
  if (!found) throw new CannotTell(`${program} gave no answer`);
  if (codes.includes(found.code)) return found;
  if (found.code === 127) {
    throw new CannotTell(`${program} is not installed`, { needs: [{ kind: 'program', name: program }] });
  }
  const said = found.stderr.trim() || found.stdout.trim() || 'it printed nothing';
  throw new CannotTell(`${program} exited with code ${found.code}: ${said.slice(0, 2000)}`);
}
