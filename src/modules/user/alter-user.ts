import { posix } from 'node:path';
import { change, type Decision, ok, type Refuse } from '../../decision.ts';
import { type Account, type Group, sameLine } from '../../host/account/database.ts';
import { refuseMissing } from '../../host/account/tools.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { dateOf, daysOf } from './expiry.ts';
import type { Args } from './schema.ts';
import { bareHash, refuseOpen, type Shadow, storePassword } from './shadow.ts';
import { findGroup, groupsOf, type UserState } from './user-state.ts';

/** What differs: as a diff shows it, and what fixes it. */
interface Part {
  readonly label: string;
  readonly before: string;
  readonly after: string;
  /** Options of usermod; they are given in one call. */
  readonly options?: readonly (string | number)[];
  /** A section of its own, after usermod. */
  readonly commands?: ShellText;
  readonly program: 'usermod' | 'chpasswd' | 'cp';
}

/** Compares a user who exists with what is wanted. */
export function alterUser(args: Args, state: UserState, there: Account): Decision<UserState> {
  const { name } = args;
  const password = passwordPart(args, state);
  if (password && 'kind' in password) return password;
  const parts = [
    ...fieldParts(args, there),
    ...groupParts(args, state, there),
    expiryPart(args, state.shadow),
    password,
    homePart(args, state, there),
  ].filter(part => part !== undefined);
  const result = {
    name,
    state: 'present',
    uid: there.uid,
    group: there.gid,
    groups: groupsOf(state, name),
    home: there.home,
    shell: there.shell,
    comment: there.comment,
  };
  if (parts.length === 0) return ok('exists and is right', { result });
  const missing = refuseMissing(
    state.missing,
    parts.map(part => part.program),
  );
  if (missing) return missing;
  const options = parts.flatMap(part => part.options ?? []);
  const labels = parts.map(part => part.label);
  return change(`${labels.join(', ')} ${labels.length === 1 ? 'differs' : 'differ'}`, {
    diff: [
      {
        subject: `user ${name}`,
        before: parts.map(part => `${part.label}: ${part.before}\n`).join(''),
        after: parts.map(part => `${part.label}: ${part.after}\n`).join(''),
      },
    ],
    guard: script({ same: sameLine('passwd', name, there.line) }),
    apply: script({
      ...(options.length > 0 && { usermod: sh`usermod ${[...options, name]}` }),
      ...Object.fromEntries(parts.flatMap(({ label, commands }) => (commands ? [[label, commands]] : []))),
    }),
    alters: [{ kind: 'user', name }],
    ...(labels.includes('home directory') && { creates: [{ kind: 'path', name: args.home ?? there.home }] }),
    result,
  });
}

function fieldParts(args: Args, there: Account): Part[] {
  const options = { uid: '-u', comment: '-c', home: '-d', shell: '-s' } as const;
  return (['uid', 'comment', 'home', 'shell'] as const).flatMap(label => {
    const wanted = args[label];
    if (wanted === undefined || wanted === there[label]) return [];
    return {
      label,
      before: String(there[label]),
      after: String(wanted),
      options: [options[label], wanted],
      program: 'usermod',
    };
  });
}

function groupParts(args: Args, state: UserState, there: Account): Part[] {
  const { name, append } = args;
  const parts: Part[] = [];
  const primary = primaryGroup(args, state);
  const program = 'usermod';
  if (primary && primary.gid !== there.gid) {
    const before = state.groups.known.find(one => one.gid === there.gid)?.name ?? String(there.gid);
    parts.push({ label: 'group', before, after: primary.name, options: ['-g', primary.name], program });
  }
  if (!args.groups) return parts;
  // A user need not be listed as a member of the primary group.
  const gid = primary?.gid ?? there.gid;
  const own = state.groups.known.find(one => one.gid === gid)?.name;
  const is = groupsOf(state, name).filter(one => one !== own);
  const wanted = [...new Set(args.groups)].filter(one => one !== own).toSorted();
  const lacking = wanted.filter(one => !is.includes(one));
  if (lacking.length === 0 && (append || is.length === wanted.length)) return parts;
  const after = append ? [...is, ...lacking].toSorted() : wanted;
  const options = append ? ['-a', '-G', lacking.join(',')] : ['-G', wanted.join(',')];
  return [...parts, { label: 'groups', before: is.join(', '), after: after.join(', '), options, program }];
}

function expiryPart({ expires }: Args, shadow: Shadow | undefined): Part | undefined {
  if (expires === undefined) return undefined;
  const days = daysOf(expires);
  const is = shadow?.expires ?? -1;
  if (is === days || (is < 0 && days < 0)) return undefined;
  return {
    label: 'expires',
    before: dateOf(is) || 'never',
    after: dateOf(days) || 'never',
    options: ['-e', dateOf(days)],
    program: 'usermod',
  };
}

function passwordPart(args: Args, { shadow }: UserState): Part | Refuse | undefined {
  const { name, password_lock } = args;
  const password = args.update_password === 'always' ? args.password : undefined;
  const lock = password_lock ?? (password?.startsWith('!') ? true : undefined);
  if (password === undefined && lock === undefined) return undefined;
  const { hash, locked } = shadow ?? { hash: 'none', locked: false };
  if (password !== undefined && hash !== 'same') {
    // Who locked an account did not mean to have it opened by a new password.
    const keeps = lock ?? (locked && hash === 'other');
    const after = `as given${keeps ? ', locked' : ''}`;
    const field = keeps ? `!${bareHash(password)}` : password;
    return { label: 'password', before: hash, after, commands: storePassword(name, field), program: 'chpasswd' };
  }
  if (lock === undefined || lock === locked) return undefined;
  if (!lock && hash === 'none') return refuseOpen(name);
  const [before, after, option] = lock ? (['no', 'yes', '-L'] as const) : (['yes', 'no', '-U'] as const);
  return { label: 'locked', before, after, options: [option], program: 'usermod' };
}

function primaryGroup({ group }: Args, state: UserState): Group | undefined {
  return group === undefined ? undefined : findGroup(state, group);
}

/** Some users are meant to have no home. */
const nowhere = /^(|\/|\/nonexistent|\/dev\/null|\/var\/empty)$/;

function homePart(args: Args, state: UserState, there: Account): Part | undefined {
  const home = args.home ?? there.home;
  if (!args.create_home || state.home || nowhere.test(home)) return undefined;
  const uid = args.uid ?? there.uid;
  const gid = primaryGroup(args, state)?.gid ?? there.gid;
  const commands = join([
    raw("mode=$(sed -n 's/^HOME_MODE[[:space:]]*//p' /etc/login.defs)"),
    raw("mask=$(sed -n 's/^UMASK[[:space:]]*//p' /etc/login.defs)"),
    sh`umask 022 && mkdir -p ${posix.dirname(home)} && umask "\${mask:-022}" && mkdir ${home} || exit`,
    sh`[ ! -d /etc/skel ] || cp -R /etc/skel/. ${home} || exit`,
    sh`[ -z "$mode" ] || chmod "$mode" ${home} || exit`,
    sh`chown -hR ${`${uid}:${gid}`} ${home}`,
  ]);
  return { label: 'home directory', before: 'missing', after: home, commands, program: 'cp' };
}
