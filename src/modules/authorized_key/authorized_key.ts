import { type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import type { Account } from '../../host/account/database.ts';
import { edited } from '../../host/lines/decide.ts';
import { withKeys, withoutKeys } from '../../host/ssh/public-key.ts';
import { defineModule } from '../module.ts';
import { keyFile } from './key-file.ts';
import { keysIn, problems } from './keys.ts';
import { decideInHome } from './place.ts';
import { args, examples, returns } from './schema.ts';

export const authorizedKey = defineModule({
  name: 'authorized_key',
  summary: 'Owns public keys with which a user may log in over SSH.',
  description:
    'Keys are the same if their base64 part is; all other lines stay as they are. Options ' +
    "and comments that are not given are not owned. ~/.ssh and the file get their user's " +
    'owner and the modes 0700 and 0600, and are never written through a symbolic link; ' +
    'with `path`, directory, owner and mode are left alone.',
  args,
  returns,
  examples,
  problems,
  look: keyFile,
  decide(args, { user, file, home, directory }) {
    if (!user && args.state === 'absent' && !file) return ok('the user does not exist');
    if (!user) return refuseUser(args.user);
    if (!file || (args.path === undefined && !home)) return refuseHome(user);
    const result = { user: args.user, keyfile: file.goal.path };
    if (!file.goal.entry && args.state === 'absent') return ok('the file is absent', { result });
    const keys = keysIn(args);
    const text = args.state === 'present' ? withKeys(file.text, keys, args.exclusive) : withoutKeys(file.text, keys);
    if (args.path !== undefined) return named(edited(file, text), args.state, result);
    const owner = { name: args.user, ids: { uid: user.uid, gid: user.gid } };
    const options = { owner, mode: '0600', manageDirectory: args.manage_dir };
    return named(decideInHome(file.goal, directory, text, options), args.state, result);
  },
});

function named(decision: Decision, state: string, result: Readonly<Record<string, unknown>>): Decision {
  if (decision.kind === 'refuse') return decision;
  if (decision.kind === 'change') return { ...decision, result };
  return ok(state === 'present' ? 'the keys are there' : 'the keys are absent', { result });
}

function refuseUser(name: string): Refuse {
  return refuse(`the host has no user ${name}`, `Make the user first (user: {name: ${name}}), or correct the name.`, {
    needs: [{ kind: 'user', name }],
  });
}

function refuseHome({ name, home }: Account): Refuse {
  return refuse(
    home === '' ? `the user ${name} has no home` : `${home}, the home of ${name}, does not exist`,
    `Make it first (user: {name: ${name}, create_home: true}), or name the file with path.`,
    { needs: [{ kind: 'path', name: home }] },
  );
}
