import { CannotTell } from '../../shell/answer.ts';
import { all, type Look, map, own, printed } from '../../shell/look.ts';
import { type ShellText, sh } from '../../shell/quote.ts';

/** Names that every tool takes: useradd(8), groupadd(8). A number would be looked up as an id. */
export const accountName = '^[A-Za-z_][A-Za-z0-9_.-]{0,31}\\$?$';

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly comment: string;
  readonly home: string;
  readonly shell: string;
  /** As the database has it. */
  readonly line: string;
}

export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
  /** As the database has it. */
  readonly line: string;
}

/**
 * Entries of the host's own file, which the tools can change, and those that it knows from wherever
 * else.
 */
export interface Database<Entry> {
  readonly local: readonly Entry[];
  readonly known: readonly Entry[];
}

type Kind = 'passwd' | 'group';

/** The users; a directory service may know more: it is asked for these names and numbers. */
export function accounts(keys: readonly (string | number)[]): Look<Database<Account>> {
  return database('passwd', keys, parseAccount);
}

/** As {@link accounts}, of the groups. */
export function groupDatabase(keys: readonly (string | number)[]): Look<Database<Group>> {
  return database('group', keys, parseGroup);
}

/** A pattern of grep for the line of a name. */
export function linePattern(name: string): string {
  return `^${name.replace(/[.$]/g, '[$&]')}:`;
}

/**
 * Leaves with 75 if the file no longer has the line that was probed, or has one where there was
 * none.
 */
export function sameLine(kind: Kind, name: string, line: string | undefined): ShellText {
  const file = `/etc/${kind}`;
  if (line === undefined) return sh`if grep -q ${linePattern(name)} ${file}; then exit 75; fi`;
  return sh`grep -qxF -e ${line} ${file} || exit 75`;
}

function database<Entry>(
  kind: Kind,
  keys: readonly (string | number)[],
  parse: (line: string) => Entry | undefined,
): Look<Database<Entry>> {
  const file = printed(`cat /etc/${kind}`, sh`cat ${`/etc/${kind}`}`);
  const looks = all({
    [own]: map(file, text => {
      const local = entries(text, parse);
      if (local.length > 0) return local;
      throw new CannotTell(`/etc/${kind} has no entry that can be read: ${text.slice(0, 200)}`);
    }),
    // 2 says that one of the keys is not known. Without getent the file is all there is.
    known: keys.length === 0 ? undefined : printed('getent', sh`getent ${kind} ${keys}`, [0, 2, 127]),
  });
  return map(looks, ({ [own]: local, known = '' }) => ({ local, known: [...local, ...entries(known, parse)] }));
}

function entries<Entry>(text: string, parse: (line: string) => Entry | undefined): Entry[] {
  return text.split('\n').flatMap(line => parse(line) ?? []);
}

function parseAccount(line: string): Account | undefined {
  const [name = '', , uid = '', gid = '', comment = '', home = '', shell, ...more] = line.split(':');
  if (shell === undefined || more.length > 0 || !isNumber(uid) || !isNumber(gid)) return undefined;
  return { name, uid: Number(uid), gid: Number(gid), comment, home, shell, line };
}

function parseGroup(line: string): Group | undefined {
  const [name = '', , gid = '', members, ...more] = line.split(':');
  if (members === undefined || more.length > 0 || !isNumber(gid)) return undefined;
  return { name, gid: Number(gid), members: members.split(',').filter(Boolean), line };
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text);
}
