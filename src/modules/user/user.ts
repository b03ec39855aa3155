import type { ArgumentProblem } from '../../callable.ts';
import { defineModule } from '../module.ts';
import { decideUser } from './decide-user.ts';
import { type Args, args, examples, returns } from './schema.ts';
import { userState } from './user-state.ts';

export const user = defineModule({
  name: 'user',
  summary: 'Owns a user account: numbers, groups, shell, home, password and end.',
  description:
    'With the shadow tools (useradd, usermod, userdel, chpasswd). What is not given is not ' +
    'owned. A password is compared on the host and never shown; a new one leaves a locked ' +
    'account locked, unless password_lock is false. A user that a directory service knows ' +
    'is ok as it is, and is never changed. `remove: true` is refused for a home that ' +
    'belongs to somebody else.',
  args,
  returns,
  examples,
  problems,
  owns: args =>
    (['uid', 'group', 'shell', 'home', 'comment'] as const).flatMap(attribute =>
      args[attribute] === undefined
        ? []
        : [{ subject: `user ${args.name}`, attribute, value: String(args[attribute]) }],
    ),
  look: userState,
  decide: decideUser,
});

/** What crypt(3) prints, or what no password can match. */
const hash = /^(\*|!{1,2}|!?\$[a-z0-9]+\$[^:\s]+)$/i;

function problems(args: Args): ArgumentProblem[] {
  const { state, groups, append, password, password_lock, remove, force } = args;
  const found: ArgumentProblem[] = [];
  if (append && groups === undefined) found.push({ argument: 'append', message: 'needs groups' });
  if (state === 'present' && remove) found.push({ argument: 'remove', message: 'is for state absent' });
  if (state === 'present' && force) found.push({ argument: 'force', message: 'is for state absent' });
  // The value is a secret, and perhaps a password in clear: it is not shown.
  if (password !== undefined && !hash.test(password))
    found.push({ argument: 'password', message: 'must be a crypt hash: openssl passwd -6 makes one' });
  if (password?.startsWith('!') && password_lock === false)
    found.push({ argument: 'password_lock', message: 'the password is that of a locked account' });
  return found;
}
