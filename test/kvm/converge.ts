import { spawnSync } from 'node:child_process';
import type { Change, Decision } from '../../src/decision.ts';
import type { AnyModule, Context } from '../../src/modules/module.ts';
import { fillDefaults } from '../../src/plan/arguments/fill.ts';
import { inBytes } from '../../src/plan/arguments/in-bytes.ts';
import type { Foretold } from '../../src/shell/look.ts';
import type { Answer, Script } from '../../src/shell/script.ts';
import { liveShell, type Way } from '../live-shell.ts';

/** How scripts run on this machine: what comes before `sh -c TEXT`, and the environment. */
export interface Place {
  readonly before?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What earlier tasks of check mode would have left. */
  readonly foretold?: Foretold;
}

/** What one task did: the decision, what its apply printed, and the decision after it. */
export interface Outcome {
  readonly first: Decision;
  readonly applied?: Answer;
  readonly second?: Decision;
}

const nothing: Context = { files: {}, pending: [] };

/** Probe, decide, apply, verify: the engine's path in small, on this machine. */
export function converge(module: AnyModule, given: object, place: Place = {}, context = nothing): Outcome {
  const args = withDefaults(module, given);
  const first = decideNow(module, args, place, context);
  if (first.kind !== 'change') return { first };
  const applied = applyChange(first, place);
  const failed = Object.entries(applied).find(([, output]) => output.code !== 0);
  if (failed) throw new Error(`${failed[0]} left with ${failed[1].code}: ${failed[1].stderr}${failed[1].stdout}`);
  return { first, applied, second: decideNow(module, args, place, context) };
}

/** Probe, read and decide. */
export function decideNow(module: AnyModule, given: object, place: Place = {}, context = nothing): Decision {
  const args = withDefaults(module, given);
  const { probe, read } = module.look(args, context);
  return module.decide(args, read(runScript(probe, place, false), place.foretold), context);
}

/** Guard, rehearse and apply of a change; the guard's exit code must be 0. */
export function applyChange(change: Change, place: Place = {}): Answer {
  for (const script of [change.rehearse, change.guard]) {
    const answer = script ? runScript(script, place, true) : {};
    const failed = Object.entries(answer).find(([, output]) => output.code !== 0);
    if (failed) throw new Error(`${failed[0]} left with ${failed[1].code}: ${failed[1].stderr}`);
  }
  for (const { to, content } of change.puts ?? []) {
    if (typeof content !== 'string') throw new Error('only text is put here');
    put(to, content, place);
  }
  return runScript(change.apply, place, true);
}

/** As a user who may read it alone, and where the place has the path. */
function put(to: string, content: string, { before = [] }: Place): void {
  const [program, ...rest] = [...before, 'sh', '-c', 'umask 077; rm -f "$1"; set -C; cat >"$1"', 'put', to];
  const { status, stderr } = spawnSync(program!, rest, { input: content });
  if (status !== 0) throw new Error(`${to} could not be written: ${stderr}`);
}

/** Runs the sections of a script, as the session does. */
export function runScript(script: Script, place: Place, stopAtFailure: boolean): Answer {
  return liveShell(wayTo(place)).run(script, stopAtFailure);
}

/** The shell that runs the scripts of a place. */
export function wayTo({ before = [], env }: Place): Way {
  return { shell: [...before, 'sh'], env: { ...process.env, LC_ALL: 'C', ...env } };
}

/** Arguments as the engine gives them: with the defaults of the schema, and sizes in bytes. */
export function withDefaults(module: AnyModule, given: object): object {
  return inBytes(module.args, fillDefaults(module.args, given, false)) as object;
}
