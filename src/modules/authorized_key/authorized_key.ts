import type { ArgumentProblem } from '../../callable.ts';
import { type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import { type Account, probeDatabase, readAccounts } from '../../host/account/database.ts';
import { contentOfText } from '../../host/file/content.ts';
import { type Entry, readEntry, statEntry } from '../../host/file/entry.ts';
import { probeFound, probeGoal } from '../../host/file/goal.ts';
import { decideReplace } from '../../host/file/replace.ts';
import { largestText, readText, type TextGoal } from '../../host/lines/text.ts';
import { homeOf } from '../../host/ssh/home.ts';
import { isReadBack, type PublicKey, parseKey, saysNothing, withKeys, withoutKeys } from '../../host/ssh/public-key.ts';
import { join, raw } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { decideInHome } from './place.ts';
import { type Args, args, examples, returns } from './schema.ts';

interface State {
  readonly user: Account | undefined;
  /** Undefined where no user has such a home. */
  readonly file: TextGoal | undefined;
  readonly home?: Entry | undefined;
  /** ~/.ssh. */
  readonly directory?: Entry | undefined;
}

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
  probe({ user, path }) {
    const directory = join([homeOf(user), raw('p=$h/.ssh/authorized_keys')]);
    return script({
      ...probeDatabase('passwd', [user]),
      ...(path === undefined
        ? {
            home: join([homeOf(user), statEntry(raw('"$h"'), { follow: true })]),
            directory: join([homeOf(user), statEntry(raw('"$h/.ssh"'))]),
            ...probeFound(directory, { most: largestText }),
          }
        : probeGoal(path, { follow: true, most: largestText })),
    });
  },
  read(answer, { user: name, path }): State {
    const user = readAccounts(answer).known.find(one => one.name === name);
    if (path !== undefined) return { user, file: readText(answer) };
    if (!user || user.home === '') return { user, file: undefined };
    return {
      user,
      file: readText(answer),
      home: readEntry(answer, 'home'),
      directory: readEntry(answer, 'directory'),
    };
  },
  decide(args, state) {
    const { user, file } = state;
    if (!user && args.state === 'absent' && !file) return ok('the user does not exist');
    if (!user) return refuseUser(args.user);
    if (!file || (args.path === undefined && !state.home)) return refuseHome(user);
    const result = { user: args.user, keyfile: file.goal.path };
    if (!file.goal.entry && args.state === 'absent') return ok('the file is absent', { result });
    const keys = keysIn(args);
    const edited = args.state === 'present' ? withKeys(file.text, keys, args.exclusive) : withoutKeys(file.text, keys);
    return named(decideFile(args, state, file, edited), args.state, result);
  },
});

function problems(args: Args): ArgumentProblem[] {
  const { comment, ...rest } = args;
  const { key, state, exclusive, key_options } = rest;
  const lines = key.split('\n').filter(line => !saysNothing(line));
  const wrong = lines.find(line => !parseKey(line));
  if (lines.length === 0) return [{ argument: 'key', message: 'has no key in it' }];
  if (wrong !== undefined)
    return [{ argument: 'key', message: `is not a public key as ssh-keygen prints it: ${wrong.trim().slice(0, 60)}` }];
  if (keysIn(args).some(one => !isReadBack(one))) {
    const argument = keysIn(rest).some(one => !isReadBack(one)) ? 'key_options' : 'comment';
    const given = argument === 'comment' ? comment : key_options;
    return [
      { argument, message: `would not be read as it is meant in a line of authorized_keys: ${JSON.stringify(given)}` },
    ];
  }
  if (exclusive && state === 'absent')
    return [{ argument: 'exclusive', message: 'is for state present: no other keys than these' }];
  return [];
}

function keysIn({ key, key_options, comment }: Pick<Args, 'key' | 'key_options' | 'comment'>): PublicKey[] {
  const keys = key.split('\n').flatMap(line => parseKey(line) ?? []);
  return keys.map(one => ({ ...one, options: key_options ?? one.options, comment: comment ?? one.comment }));
}

function decideFile(args: Args, { user, directory }: State, file: TextGoal, edited: string): Decision {
  if (args.path !== undefined) return decideReplace(file.goal, contentOfText(edited), {}, {});
  const owner = { name: args.user, ids: { uid: user!.uid, gid: user!.gid } };
  return decideInHome(file.goal, directory, edited, { owner, mode: '0600', manageDirectory: args.manage_dir });
}

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
