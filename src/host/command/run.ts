import { change, type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import { all, type Look, later, look, map, own } from '../../shell/look.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import { type Output, script } from '../../shell/script.ts';
import type { RunArguments } from './arguments.ts';
import { conditionsOf, leaveUnless, skipReason } from './conditions.ts';

/** What was found out before the run. */
export interface RunState {
  /** Why there is nothing to run. */
  readonly skip?: string;
  readonly refuse?: Refuse;
  /** With `reads`: what the command printed. */
  readonly printed?: Output | undefined;
}

/**
 * The conditions, each in a section of its own, and with `reads` the command itself, which runs
 * only if they ask for it.
 * @param text the command, ready for a shell
 */
export function beforeRun(args: RunArguments, text: ShellText): Look<RunState> {
  const conditions = conditionsOf(args);
  const command = join([join(leaveUnless(conditions)), wholeCommand(args, text)]);
  const looks = all({
    chdir: args.chdir === undefined ? undefined : unreachable(args.chdir),
    skip: later(skipReason(conditions)),
    run: args.reads ? look({ [own]: command }, answer => answer[own]) : undefined,
  });
  return map(looks, ({ chdir, skip, run }) => {
    if (chdir) return { refuse: chdir };
    const reason = skip();
    return reason === undefined ? { printed: run } : { skip: reason };
  });
}

/** @param shown the command as people read it, for the diff and the result */
export function decideRun(args: RunArguments, state: RunState, text: ShellText, shown: string): Decision {
  if (state.refuse) return state.refuse;
  if (state.skip !== undefined) {
    return ok(state.skip, { result: { cmd: shown, rc: 0, ...streams('', '') } });
  }
  if (args.reads) {
    return ok('ran; it only reads', { result: runResult(shown, state.printed) });
  }
  return change('runs', {
    inCheck: 'not run in check mode',
    ...(Object.keys(conditionsOf(args)).length === 0 && { undecided: true }),
    diff: [{ subject: 'command', before: '', after: `${shown}\n` }],
    apply: script({ run: wholeCommand(args, text) }),
    verify: 'none',
    report: applied => runResult(shown, applied.run),
  });
}

/** The result's fields of a command, as far as it has run. */
export function runResult(cmd: string | undefined, printed: Output | undefined): Readonly<Record<string, unknown>> {
  const what = cmd === undefined ? {} : { cmd };
  if (!printed) return what;
  return { ...what, rc: printed.code, ...streams(printed.stdout, printed.stderr) };
}

/** Newlines at the end are cut off, as Ansible does. */
function streams(stdout: string, stderr: string): Readonly<Record<string, unknown>> {
  const [out, err] = [stdout.replace(/[\r\n]+$/, ''), stderr.replace(/[\r\n]+$/, '')];
  return {
    stdout: out,
    stderr: err,
    stdout_lines: out === '' ? [] : out.split(/\r?\n/),
    stderr_lines: err === '' ? [] : err.split(/\r?\n/),
  };
}

function wholeCommand(args: RunArguments, text: ShellText): ShellText {
  const input = args.stdin === undefined ? undefined : args.stdin + (args.stdin_add_newline === false ? '' : '\n');
  // printf is a builtin: what goes to stdin is in no argument list.
  return join([
    args.chdir !== undefined && sh`cd ${args.chdir} || exit`,
    input === undefined ? text : sh`printf %s ${input} | (\n${text}\n)`,
  ]);
}

/** Why the directory cannot be changed to; undefined where it can. */
function unreachable(path: string): Look<Refuse | undefined> {
  return look({ [own]: sh`cd ${path}` }, ({ [own]: found }) => {
    if (found?.code === 0) return undefined;
    const advice = 'Create the directory first, or become a user who may enter it.';
    return refuse(`chdir: cannot change to ${path}`, advice, { needs: [{ kind: 'path', name: path }] });
  });
}

/**
 * Replaces the shell of a section by the program, so that no builtin of the same name runs instead.
 */
export function execute(words: readonly string[]): ShellText {
  return words.length === 0 ? raw(':') : sh`exec ${words}`;
}
