import type { ArgumentProblem } from '../../callable.ts';
import { type Decision, ok, refuse } from '../../decision.ts';
import { contentOfText } from '../../host/file/content.ts';
import { probeGoal } from '../../host/file/goal.ts';
import { decideReplace } from '../../host/file/replace.ts';
import { largestText, readText, type TextGoal } from '../../host/lines/text.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { type Crontab, listCrontab, readCrontab, replaceCrontab } from './crontab.ts';
import { type Args, args, examples, returns } from './schema.ts';
import { entriesIn, variablesIn, withEnd, withEntry, withoutEntry, withoutVariable, withVariable } from './table.ts';

export const cron = defineModule({
  name: 'cron',
  summary: 'Owns one entry or variable of a crontab.',
  description:
    "In a user's table, through crontab(1), or with `cron_file` in a file of /etc/cron.d. " +
    'An entry is known by the comment before it, `#Ansible: NAME`: entries that Ansible ' +
    'made are found. All other lines stay as they are. A file stays even when its last ' +
    'entry is gone. Where the host has systemd, a timer unit says more about what has run.',
  args,
  returns,
  examples,
  problems,
  probe: ({ cron_file, user }) =>
    cron_file === undefined
      ? script({ crontab: listCrontab(user) })
      : script(probeGoal(pathOf(cron_file), { follow: true, most: largestText })),
  read: (answer, { cron_file }): State =>
    cron_file === undefined ? { crontab: readCrontab(answer) } : { file: readText(answer) },
  decide(args, { crontab, file }) {
    if (crontab?.unknownUser) return unknownUser(args.user!);
    const text = crontab ? (crontab.text ?? '') : file!.text;
    const edited = withEnd(text, edit(args, text));
    const result = { jobs: entriesIn(edited), envs: variablesIn(edited) };
    const right = args.state === 'absent' ? 'is absent' : 'is there already';
    if (edited === text && !isOther(file)) return ok(right, { result });
    const decision = crontab
      ? replaceCrontab(crontab, edited, args.user)
      : decideReplace(file!.goal, contentOfText(edited), {}, {});
    return decision.kind === 'change' ? { ...decision, result } : decision;
  },
});

interface State {
  readonly crontab?: Crontab;
  readonly file?: TextGoal;
}

function problems(args: Args): ArgumentProblem[] {
  const { name, job, state, special_time, disabled, env } = args;
  if (env && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    return [{ argument: 'name', message: 'is not a name of a variable' }];
  if (env && disabled) return [{ argument: 'disabled', message: 'is for entries, not for variables' }];
  if (state === 'absent') return [];
  if (job === undefined || (job === '' && !env))
    return [{ argument: 'job', message: `is needed: the ${env ? 'value' : 'command'}` }];
  if (env && /"/.test(job) && /'/.test(job))
    return [{ argument: 'job', message: 'has quotes of both kinds, which crontab cannot hold' }];
  if (special_time !== undefined && fieldsOf(args) !== '* * * * *')
    return [{ argument: 'special_time', message: 'stands instead of minute, hour, day, month and weekday' }];
  return [];
}

function pathOf(file: string): string {
  return file.startsWith('/') ? file : `/etc/cron.d/${file}`;
}

function fieldsOf({ minute, hour, day, month, weekday }: Args): string {
  return [minute, hour, day, month, weekday].join(' ');
}

function edit(args: Args, text: string): string {
  const { name, job, state, env, disabled, special_time, cron_file, user = 'root' } = args;
  if (state === 'absent') return env ? withoutVariable(text, name) : withoutEntry(text, name);
  if (env) return withVariable(text, name, job!);
  const time = special_time === undefined ? fieldsOf(args) : `@${special_time}`;
  const line = [time, ...(cron_file === undefined ? [] : [user]), job].join(' ');
  return withEntry(text, { name, line: disabled ? `#${line}` : line });
}

/** Something that is not a file has no text, which does not make it right. */
function isOther(file: TextGoal | undefined): boolean {
  return file?.goal.entry !== undefined && file.goal.entry.kind !== 'file';
}

function unknownUser(name: string): Decision<State> {
  return refuse(`the host has no user ${name}`, `Make the user first (user: {name: ${name}}), or correct the name.`, {
    needs: [{ kind: 'user', name }],
  });
}
