import type { ArgsOfAll } from '../../callable.ts';
import { change, type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import { type Answer, type Output, type Script, script } from '../../shell/script.ts';
import type { runSchemas, stdinSchemas } from './arguments.ts';
import { anyMatch } from './glob.ts';

/** What command, shell and script share. */
export type RunArguments = Partial<ArgsOfAll<typeof runSchemas & typeof stdinSchemas>>;

/** What the probe found out about the conditions of the run. */
export interface RunState {
  /** Why there is nothing to run. */
  readonly skip?: string;
  readonly refuse?: Refuse;
  /** With `reads`: what the command printed. */
  readonly printed?: Output;
}

/**
 * The conditions, each in a section of its own, and with `reads` the command itself, which runs
 * only if they ask for it.
 * @param text the command, ready for a shell
 */
export function probeRun(args: RunArguments, text: ShellText): Script {
  const enter = args.chdir === undefined ? undefined : sh`cd ${args.chdir} || exit`;
  const there = (pattern: string) => (enter ? join([enter, anyMatch(pattern)]) : anyMatch(pattern));
  const { creates, removes, only_if, unless } = args;
  const conditions = {
    ...(creates !== undefined && { creates: there(creates) }),
    ...(removes !== undefined && { removes: there(removes) }),
    ...(only_if !== undefined && { only_if: join([enter, sh`exec /bin/sh -c ${only_if}`]) }),
    ...(unless !== undefined && { unless: join([enter, sh`exec /bin/sh -c ${unless}`]) }),
  };
  const skips = join([
    creates !== undefined && sh`if (\n${conditions.creates!}\n) >/dev/null 2>&1; then exit 0; fi`,
    removes !== undefined && sh`(\n${conditions.removes!}\n) >/dev/null 2>&1 || exit 0`,
    only_if !== undefined && sh`( ${conditions.only_if!} ) >/dev/null 2>&1 || exit 0`,
    unless !== undefined && sh`if ( ${conditions.unless!} ) >/dev/null 2>&1; then exit 0; fi`,
  ]);
  return script({
    ...(args.chdir !== undefined && { chdir: sh`cd ${args.chdir}` }),
    ...conditions,
    ...(args.reads && { run: join([skips, wholeCommand(args, text)]) }),
  });
}

/** @throws CannotTell where a condition could not be looked at */
export function readRun(answer: Answer, args: RunArguments): RunState {
  if (args.chdir !== undefined && answer.chdir?.code !== 0) return { refuse: noDirectory(args.chdir) };
  if (args.creates !== undefined && matched(answer, 'creates')) return { skip: `${args.creates} exists already` };
  if (args.removes !== undefined && !matched(answer, 'removes')) return { skip: `${args.removes} does not exist` };
  if (args.only_if !== undefined && !holds(answer, 'only_if')) return { skip: 'only_if does not hold' };
  if (args.unless !== undefined && holds(answer, 'unless')) return { skip: 'unless holds' };
  return args.reads ? { printed: answer.run! } : {};
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

function matched(answer: Answer, section: string): boolean {
  return accept(answer, section, [0, 1], `the look at ${section}`).code === 0;
}

/** 126 and 127 say that the condition itself could not be run; above 128 it was killed. */
function holds(answer: Answer, section: string): boolean {
  const found = answer[section];
  if (found && found.code < 126) return found.code === 0;
  throw new CannotTell(
    `the command of ${section} could not be run: ${found?.stderr.trim() || `exit code ${found?.code}`}`,
    {
      advice: 'Correct the command; a condition answers with 0 for yes and 1 to 125 for no.',
    },
  );
}

function noDirectory(path: string): Refuse {
  return refuse(`chdir: cannot change to ${path}`, 'Create the directory first, or become a user who may enter it.', {
    needs: [{ kind: 'path', name: path }],
  });
}

/**
 * Replaces the shell of a section by the program, so that no builtin of the same name runs instead.
 */
export function execute(words: readonly string[]): ShellText {
  return words.length === 0 ? raw(':') : sh`exec ${words}`;
}
