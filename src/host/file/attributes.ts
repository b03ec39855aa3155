import type { ArgsOfAll } from '../../callable.ts';
import { type Refuse, refuse } from '../../decision.ts';
import { all, ask, type Look, map, printed } from '../../shell/look.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import { type Entry, seenAs } from './entry.ts';
import type { Ids } from './ids.ts';
import { chmodMode, copiedModeSchema, formatMode, modeSchema, resolveMode } from './mode.ts';
import { ownerText, partsOf } from './place.ts';

const name = { type: 'string', pattern: '^[^-:\\s][^:\\n]*$' } as const;

/** The arguments by which a task owns a path's owner, group and mode. */
export const attributeSchemas = {
  mode: modeSchema,
  owner: { ...name, description: 'The name or number of the owning user. Not given: not owned.' },
  group: { ...name, description: 'The name or number of the owning group. Not given: not owned.' },
} as const;

/** The same for what is copied from a file. */
export const copiedAttributeSchemas = { ...attributeSchemas, mode: copiedModeSchema } as const;

/** Arguments in which the mode is that of a source where they say `preserve`. */
export function withModeOf<Args extends AttributeArguments>(args: Args, source: string | undefined): Args {
  return args.mode === 'preserve' ? { ...args, mode: source } : args;
}

/** Owner, group and mode that a task asks for. */
export type AttributeArguments = ArgsOfAll<typeof attributeSchemas>;

/** The numbers of the owner and the group; a name that the host does not know is a refusal. */
export function ownerIds(args: AttributeArguments): Look<Ids | Refuse> {
  const { owner, group } = args;
  const looks = {
    owner: isName(owner) ? userNumber(owner) : undefined,
    group: isName(group) ? groupNumber(group) : undefined,
  };
  return map(all(looks), seen => {
    const uid = seen.owner ?? numberOf(owner);
    const gid = seen.group ?? numberOf(group);
    if (owner !== undefined && uid === undefined) return unknown('user', owner);
    if (group !== undefined && gid === undefined) return unknown('group', group);
    return { ...(uid !== undefined && { uid }), ...(gid !== undefined && { gid }) };
  });
}

export interface AttributeChange {
  /** What differs, as `mode: 0644` lines before and after. */
  readonly before: string;
  readonly after: string;
  /** `mode and owner differ`. */
  readonly reason: string;
  readonly commands: ShellText;
}

/** What a link leads to. */
export interface Behind {
  readonly link: string;
}

/**
 * What is to be done so that `entry` has the attributes that are owned; undefined if it has them.
 */
export function fixAttributes(
  path: string | Behind,
  entry: Entry,
  args: AttributeArguments,
  ids: Ids,
): AttributeChange | undefined {
  const link = entry.kind === 'link';
  const uid = ids.uid === entry.uid ? undefined : ids.uid;
  const gid = ids.gid === entry.gid ? undefined : ids.gid;
  const base = keptBits(entry, { ...(uid !== undefined && { uid }), ...(gid !== undefined && { gid }) });
  const mode = args.mode === undefined || link ? undefined : resolveMode(args.mode, base, entry.kind === 'directory');
  const rows: [string, string, string][] = [];
  if (mode !== undefined && mode !== entry.mode) rows.push(['mode', formatMode(entry.mode), formatMode(mode)]);
  if (uid !== undefined) rows.push(['owner', known(entry.owner, entry.uid), args.owner ?? String(uid)]);
  if (gid !== undefined) rows.push(['group', known(entry.group, entry.gid), args.group ?? String(gid)]);
  if (rows.length === 0) return undefined;
  const names = rows.map(row => row[0]);
  const own = ownerText({ ...(uid !== undefined && { uid }), ...(gid !== undefined && { gid }) });
  // chown clears set-id bits, so the mode comes last, and again wherever such bits are to stay.
  const bits = mode ?? base;
  const restore = own !== '' && !link && (bits & 0o6000) !== 0;
  return {
    before: rows.map(row => `${row[0]}: ${row[1]}\n`).join(''),
    after: rows.map(row => `${row[0]}: ${row[2]}\n`).join(''),
    reason: `${names.join(' and ')} ${names.length === 1 ? 'differs' : 'differ'}`,
    commands: setAttributes(path, entry, {
      own,
      mode: restore || (mode !== undefined && bits !== entry.mode) ? chmodMode(bits, entry.kind === 'directory') : '',
    }),
  };
}

/**
 * The permission bits that stay when a path gets another owner or group. A program that one user
 * has marked to run with their own rights is not to run with those of another: the kernel clears
 * these bits of a file as well.
 */
export function keptBits({ kind, mode }: Pick<Entry, 'kind' | 'mode'>, change: Ids): number {
  const changes = change.uid !== undefined || change.gid !== undefined;
  return changes && kind === 'file' ? mode & ~0o6000 : mode;
}

/**
 * Sets owner and mode of `entry`; each is empty where it stays. Leaves with 75 if `entry` is gone
 * or replaced.
 */
function setAttributes(path: string | Behind, entry: Entry, { own, mode }: { own: string; mode: string }): ShellText {
  const wanted = sh`${seenAs(entry)} ${own} ${mode}`;
  if (typeof path !== 'string') return sh`p=${path.link}; hw_follow; hw_set "\${p%/*}/" "\${p##*/}" ${wanted}`;
  const { directory, name } = partsOf(path);
  return sh`hw_set ${directory} ${name} ${wanted}`;
}

/**
 * Enters the directory of a path, or of what a link there leads to; `$n` is its name from there.
 */
export function enter(path: string | Behind): ShellText {
  if (typeof path !== 'string') return sh`p=${path.link}; hw_follow; n=./\${p##*/}; hw_cd "\${p%/*}/"`;
  const { directory, name } = partsOf(path);
  return sh`n=${`./${name}`}; hw_cd ${directory}`;
}

/** root is 0 everywhere, and is not asked for. */
function isName(value: string | undefined): value is string {
  return value !== undefined && value !== 'root' && !/^\d+$/.test(value);
}

function numberOf(value: string | undefined): number | undefined {
  if (value === undefined || isName(value)) return undefined;
  return value === 'root' ? 0 : Number(value);
}

function userNumber(user: string): Look<number | undefined> {
  return map(ask('id', sh`id -u ${user}`, [0, 1]), ({ stdout }) =>
    /^\d+\n$/.test(stdout) ? Number(stdout) : undefined,
  );
}

/** No getent on some busybox systems: there the file is all there is. */
function groupNumber(group: string): Look<number | undefined> {
  return map(printed('getent', sh`getent group ${group} 2>/dev/null || cat /etc/group`), text => {
    const fields = text.split('\n').map(line => line.split(':'));
    const found = fields.find(([name]) => name === group);
    return found && Number(found[2]);
  });
}

function unknown(kind: 'user' | 'group', wanted: string): Refuse {
  return refuse(`the host has no ${kind} ${wanted}`, `Create the ${kind} first, or name one that exists.`, {
    needs: [{ kind, name: wanted }],
  });
}

function known(label: string, id: number): string {
  return label === 'UNKNOWN' ? String(id) : label;
}
