import { CannotTell } from '../../shell/answer.ts';
import { all, ask, type Look, later, look, map, own } from '../../shell/look.ts';
import { join, type ShellText, sh } from '../../shell/quote.ts';
import { anyMatch } from './glob.ts';

/** What is asked of the host before something runs. */
export interface Condition {
  readonly holds: Look<boolean>;
  /** The same in a sub-shell, for a script that asks by itself. */
  readonly test: ShellText;
  /** Whether it must hold: else nothing runs. */
  readonly wanted: boolean;
  /** Why nothing runs. */
  readonly skip: string;
}

export type Conditions = Readonly<Record<string, Condition>>;

type Argument = 'chdir' | 'creates' | 'removes' | 'only_if' | 'unless';

/** The conditions of a run, by the names of their arguments and in their order. */
export function conditionsOf(args: { readonly [Name in Argument]?: string | undefined }): Conditions {
  const { chdir, creates, removes, only_if, unless } = args;
  const enter = chdir === undefined ? undefined : sh`cd ${chdir} || exit`;
  const path = (argument: string, pattern: string) => {
    const text = enter ? join([enter, anyMatch(pattern)]) : anyMatch(pattern);
    return { holds: someMatch(argument, text), test: sh`(\n${text}\n)` };
  };
  const command = (argument: string, line: string) => {
    const text = join([enter, sh`exec /bin/sh -c ${line}`]);
    return { holds: succeeds(argument, text), test: sh`( ${text} )` };
  };
  return {
    ...(creates !== undefined && {
      creates: { ...path('creates', creates), wanted: false, skip: `${creates} exists already` },
    }),
    ...(removes !== undefined && {
      removes: { ...path('removes', removes), wanted: true, skip: `${removes} does not exist` },
    }),
    ...(only_if !== undefined && {
      only_if: { ...command('only_if', only_if), wanted: true, skip: 'only_if does not hold' },
    }),
    ...(unless !== undefined && {
      unless: { ...command('unless', unless), wanted: false, skip: 'unless holds' },
    }),
  };
}

/** Why nothing is to run; undefined where something is. */
export function skipReason(conditions: Conditions): Look<string | undefined> {
  const looks = Object.fromEntries(Object.entries(conditions).map(([name, { holds }]) => [name, later(holds)]));
  return map(all(looks), seen => {
    const [, found] = Object.entries(conditions).find(([name, { wanted }]) => seen[name]?.() !== wanted) ?? [];
    return found?.skip;
  });
}

/** Lines of a script that leave with 0 where nothing is to run. */
export function leaveUnless(conditions: Conditions): readonly ShellText[] {
  return Object.values(conditions).map(({ test, wanted }) =>
    wanted ? sh`${test} >/dev/null 2>&1 || exit 0` : sh`if ${test} >/dev/null 2>&1; then exit 0; fi`,
  );
}

/** Whether there is a path that matches: `text` is that of `anyMatch`. */
export function someMatch(argument: string, text: ShellText): Look<boolean> {
  return map(ask(`the look at ${argument}`, text, [0, 1]), ({ code }) => code === 0);
}

/** 126 and 127 say that the condition itself could not be run; above 128 it was killed. */
function succeeds(argument: string, text: ShellText): Look<boolean> {
  return look({ [own]: text }, ({ [own]: found }) => {
    if (found && found.code < 126) return found.code === 0;
    throw new CannotTell(
      `the command of ${argument} could not be run: ${found?.stderr.trim() || `exit code ${found?.code}`}`,
      { advice: 'Correct the command; a condition answers with 0 for yes and 1 to 125 for no.' },
    );
  });
}
