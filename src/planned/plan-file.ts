import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { exitCodes, HostwrightError, messageOf } from '../errors.ts';
import type { TaskName, TaskStatus } from '../events/event.ts';
import type { Diff, Hazard } from '../events/result.ts';
import type { Inputs, Origin } from '../events/run-start.ts';
import type { HashedChange } from './hashed-change.ts';

/** What a plan of changes is about: its first line. */
export interface PlanHead {
  readonly type: 'plan';
  readonly version: 1;
  readonly title: string;
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly expires: string;
  /** Hexadecimal digits that go into every hash. */
  readonly salt: string;
  readonly origin: Origin;
  /** The command line that carries it out, without the name of the program. */
  readonly arguments: readonly string[];
  readonly inputs: Inputs;
  readonly hosts: readonly string[];
}

/** What a module is to find and to do in one call. */
export interface PlannedCall {
  /** The number of the item of the loop. */
  readonly item?: number;
  /** The hash of the arguments; absent where `no_log` hides them. */
  readonly args?: string;
  /** Absent where nothing is to be changed. */
  readonly change?: HashedChange;
}

/** A task on a host: a line each. */
export interface PlannedTask {
  readonly type: 'task';
  readonly host: string;
  readonly place: string;
  readonly task: TaskName;
  readonly status: TaskStatus;
  readonly message: string;
  readonly hazards: readonly Hazard[];
  /** What differs, for people; secrets are masked. */
  readonly diff: readonly Diff[];
  readonly calls: readonly PlannedCall[];
}

/** A plan of changes, as it was written. */
export interface PlanFile {
  readonly head: PlanHead;
  readonly tasks: readonly PlannedTask[];
}

/** Writes a plan; its last line is the hash of all others. @throws HostwrightError `plan.file` */
export function writePlan(file: string, { head, tasks }: PlanFile): void {
  const text = [head, ...tasks].map(line => `${JSON.stringify(line)}\n`).join('');
  const end = `${JSON.stringify({ type: 'end', sha256: hashOf(text) })}\n`;
  try {
    writeFileSync(file, text + end, { mode: 0o600 });
  } catch (error) {
    throw unusable('file', `The plan ${file} cannot be written: ${messageOf(error)}`);
  }
}

/**
 * Reads a plan.
 * @throws HostwrightError `plan.*` where it cannot be read, is cut, was edited, or is of a version
 * that is not known
 */
export function readPlan(file: string): PlanFile {
  const lines = textOf(file).split(/(?<=\n)/);
  const end = parsed(lines.pop() ?? '');
  if (end?.type !== 'end') throw unusable('cut', `The plan ${file} is not whole.`);
  const [head, ...tasks] = lines.map(parsed);
  if (head?.type !== 'plan') throw unusable('file', `${file} is not a plan of Hostwright.`);
  if (head.version !== 1)
    throw unusable('version', `The plan ${file} has version ${head.version}, and this Hostwright reads version 1.`);
  if (end.sha256 !== hashOf(lines.join('')))
    throw unusable('edited', `The plan ${file} was changed after it was made.`);
  return { head: head as unknown as PlanHead, tasks: tasks as unknown as readonly PlannedTask[] };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw unusable('file', `The plan ${file} cannot be read: ${messageOf(error)}`);
  }
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A plan that cannot be used. */
export function unusable(
  code: string,
  message: string,
  hint = 'Make it again with "hostwright plan".',
): HostwrightError {
  return new HostwrightError(`plan.${code}`, message, { hint, exitCode: exitCodes.usage });
}
