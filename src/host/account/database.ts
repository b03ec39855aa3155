import { accept, CannotTell } from '../../shell/answer.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';

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

/**
 * Sections that read a file of accounts, and ask for single names and numbers a directory service
 * may know.
 */
export function probeDatabase(kind: Kind, keys: readonly (string | number)[]): Record<string, ShellText> {
  return {
    [kind]: sh`cat ${`/etc/${kind}`}`,
    ...(keys.length > 0 && { [`known-${kind}`]: sh`getent ${kind} ${keys}` }),
  };
}

/**
 * Reads the users of {@link probeDatabase}.
 * @throws CannotTell
 */
export function readAccounts(answer: Answer): Database<Account> {
  return read(answer, 'passwd', parseAccount);
}

/**
 * Reads the groups of {@link probeDatabase}.
 * @throws CannotTell
 */
export function readGroups(answer: Answer): Database<Group> {
  return read(answer, 'group', parseGroup);
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

function read<Entry>(answer: Answer, kind: Kind, parse: (line: string) => Entry | undefined): Database<Entry> {
  const text = accept(answer, kind, [0], `cat /etc/${kind}`).stdout;
  const local = entries(text, parse);
  if (local.length === 0) throw new CannotTell(`/etc/${kind} has no entry that can be read: ${text.slice(0, 200)}`);
  // 2 says that one of the keys is not known. Without getent the file is all there is.
  const asked = answer[`known-${kind}`] && accept(answer, `known-${kind}`, [0, 2, 127], 'getent').stdout;
  return { local, known: [...local, ...entries(asked ?? '', parse)] };
}

function entries<Entry>(text: string, parse: (line: string) => Entry | undefined): Entry[] {
  return text.split('\n').flatMap(line => parse(line) ?? []);
}

function parseAccount(line: string): Account | undefined {
  const [name, , uid, gid, comment, home, shell, ...more] = line.split(':');
  if (shell === undefined || more.length > 0 || !/^\d+$/.test(uid!) || !/^\d+$/.test(gid!)) return undefined;
  return { name: name!, uid: Number(uid), gid: Number(gid), comment: comment!, home: home!, shell, line };
}

function parseGroup(line: string): Group | undefined {
  const [name, , gid, members, ...more] = line.split(':');
  if (members === undefined || more.length > 0 || !/^\d+$/.test(gid!)) return undefined;
  return { name: name!, gid: Number(gid), members: members.split(',').filter(Boolean), line };
}
