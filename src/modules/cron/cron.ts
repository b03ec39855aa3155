import type { ArgumentProblem } from '../../callable.ts';
import { ok, type Refuse, refuse } from '../../decision.ts';
import { edited } from '../../host/lines/decide.ts';
import { type TextGoal, textFile } from '../../host/lines/text.ts';
import { all, type Look } from '../../shell/look.ts';
import { defineModule } from '../module.ts';
import { type Crontab, crontab, replaceCrontab, type UnknownUser } from './crontab.ts';
import { edit, fieldsOf } from './edit.ts';
import { type Args, args, examples, returns } from './schema.ts';
import { entriesIn, variablesIn, withEnd } from './table.ts';

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
  look: ({ cron_file, user }) => all({ table: tableOf(cron_file, user) }),
  decide(args, { table }) {
    if ('unknownUser' in table) return refuseUser(table.unknownUser);
    const text = table.text ?? '';
    const next = withEnd(text, edit(args, text));
    const result = { jobs: entriesIn(next), envs: variablesIn(next) };
    const right = args.state === 'absent' ? 'is absent' : 'is there already';
    if (next === text && !isOther(table)) return ok(right, { result });
    const decision = 'goal' in table ? edited(table, next) : replaceCrontab(table, next, args.user);
    return decision.kind === 'change' ? { ...decision, result } : decision;
  },
});

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

function tableOf(file: string | undefined, user: string | undefined): Look<TextGoal | Crontab | UnknownUser> {
  if (file === undefined) return crontab(user);
  return textFile(file.startsWith('/') ? file : `/etc/cron.d/${file}`, { follow: true });
}

/** Something that is not a file has no text, which does not make it right. */
function isOther(table: TextGoal | Crontab): boolean {
  return 'goal' in table && table.goal.entry !== undefined && table.goal.entry.kind !== 'file';
}

function refuseUser(name: string): Refuse {
  return refuse(`the host has no user ${name}`, `Make the user first (user: {name: ${name}}), or correct the name.`, {
    needs: [{ kind: 'user', name }],
  });
}
