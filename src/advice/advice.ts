import type { Diff } from '../events/result.ts';
import type { RoleAdvice } from '../language/parse/read-advice.ts';

/** What it takes until a change is in effect. */
export type Cost = 'online' | 'guest restart' | 'host reboot' | 'unknown';

/** One thing that a role would change. */
export interface Finding {
  /** The guest that it is about; undefined for the host. */
  readonly guest: string | undefined;
  readonly task: string;
  /** What differs, or why it cannot be told. */
  readonly message: string;
  readonly cost: Cost;
  readonly diff: readonly Diff[];
}

/** What one role would do for a host. */
export interface Advice {
  readonly role: RoleAdvice;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly findings: readonly Finding[];
  /** Why the role would not act as things are, with its advice. */
  readonly refusal: string | undefined;
  /** What the role explains of its own accord, such as the rule that decided. */
  readonly notes: readonly string[];
}

/** What was found on one host. */
export interface HostAdvice {
  readonly host: string;
  /** Why it, or its guests, could not be asked. */
  readonly failure: string | undefined;
  readonly advice: readonly Advice[];
  /** Roles that found everything as they would have it. */
  readonly settled: readonly string[];
  /** Conditions that stand already: configured, not yet in effect. */
  readonly waits: readonly string[];
}

/** What is to be done: a role that refuses would not do even what it has found before. */
export function feasible(advice: readonly Advice[]): readonly Advice[] {
  return advice.filter(({ findings, refusal }) => findings.length > 0 && refusal === undefined);
}
