import { change, type Decision, ok } from '../../decision.ts';
import { sha256Of, textOf } from '../../host/file/goal.ts';
import { CannotTell } from '../../shell/answer.ts';
import { ask, type Look, map } from '../../shell/look.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';

/** A user's table, which only crontab(1) may touch. */
export interface Crontab {
  /** Undefined where the user has none. */
  readonly text: string | undefined;
}

/** There is no such user. */
export interface UnknownUser {
  readonly unknownUser: string;
}

/**
 * The table of a user. Vixie cron, cronie and busybox say in different words that there is none; any
 * other is one that could not be read.
 * @throws CannotTell
 */
export function crontab(user: string | undefined): Look<Crontab | UnknownUser> {
  return map(ask('crontab', listCrontab(user), [0, 1]), ({ code, stderr, bytes }) => {
    if (code === 0) {
      const text = textOf(bytes);
      if (text !== undefined) return { text };
      throw new CannotTell('the crontab is not UTF-8 text', {
        advice: 'Convert it: crontab -l | iconv -f latin1 | crontab -',
      });
    }
    if (/^no crontab for \S+\s*$|^crontab: can't open '[^/']+': No such file or directory\s*$/m.test(stderr))
      return { text: undefined };
    const [, name, unknownUser = name] =
      /^crontab:\s+user [`'‘](\S+)' unknown\s*$|^crontab: unknown user (\S+)\s*$/m.exec(stderr) ?? [];
    if (unknownUser !== undefined) return { unknownUser };
    throw new CannotTell(`crontab could not list the table: ${stderr.trim() || 'it printed nothing'}`, {
      advice: 'Become root, or look into /etc/cron.allow and /etc/cron.deny.',
    });
  });
}

function listCrontab(user: string | undefined): ShellText {
  return user === undefined ? sh`crontab -l` : sh`crontab -u ${user} -l`;
}

/** Decides about a table as a whole. */
export function replaceCrontab({ text }: Crontab, edited: string, user: string | undefined): Decision {
  if (edited === (text ?? '')) return ok('the table is right');
  const install = user === undefined ? sh`crontab -` : sh`crontab -u ${user} -`;
  const list = listCrontab(user);
  const same =
    text === undefined
      ? sh`if ${list} >/dev/null 2>&1; then exit 75; fi`
      : sh`[ "$(${list} | sha256sum)" = ${`${sha256Of(text)}  -`} ] || exit 75`;
  return change(text === undefined ? 'there is no table' : 'the table differs', {
    diff: [{ subject: user === undefined ? 'crontab' : `crontab of ${user}`, before: text ?? '', after: edited }],
    guard: script({ same }),
    apply: script({ crontab: sh`printf %s ${edited} | ${install}` }),
  });
}
