import { posix } from 'node:path';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { fillCommand } from '../command/words.ts';
import type { Decision, Diff, Refuse } from '../module.ts';
import { type AttributeArguments, type Ids, mendAttributes } from './attributes.ts';
import { type Content, describeContent, describeGoal } from './content.ts';
import type { Entry } from './entry.ts';
import { type Goal, partOf, sameGoal, smallFile } from './goal.ts';
import { formatMode, resolveMode } from './mode.ts';

export interface ReplaceOptions extends AttributeArguments {
  /** Keeps a copy of what was there, named by the time. */
  readonly backup?: boolean;
  /** A command that checks the candidate, with `%s` for its path. */
  readonly validate?: string;
  /** Whether a file that is there already is replaced at all. */
  readonly force?: boolean;
}

/** Decides about one file as a whole: its content and the attributes that are owned. */
export function decideReplace(goal: Goal, content: Content, options: ReplaceOptions, ids: Ids): Decision {
  const refused = refuseGoal(goal);
  if (refused) return refused;
  const same = goal.entry?.kind === 'file' && goal.sha256 === content.sha256;
  if (same || (goal.entry && options.force === false)) return decideAttributes(goal, options, ids);

  const placed = placedEntry(goal, content, options, ids);
  const part = partOf(goal.path);
  const attributes = goal.entry?.kind === 'file' && mendAttributes(goal.path, goal.entry, options, ids);
  const { validate } = options;
  const candidate = content.text !== undefined && content.size <= smallFile ? content.text : undefined;
  const path = { kind: 'path', name: goal.path } as const;
  return {
    kind: 'change',
    reason: !goal.entry ? 'is absent' : goal.entry.kind === 'link' ? 'is a symbolic link' : 'content differs',
    diff: [
      { subject: goal.path, before: describeGoal(goal), after: describeContent(content) },
      ...(attributes ? [attributeDiff(goal.path, attributes)] : []),
    ],
    ...(content.put !== undefined && { puts: [{ to: part, content: content.put }] }),
    ...(validate !== undefined &&
      candidate !== undefined && {
        rehearse: script({ validate: rehearse(validate, posix.basename(goal.path), candidate) }),
      }),
    guard: script({ same: join([sameGoal(goal), content.same]) }),
    apply: script({
      ...(content.make && { make: content.make(part) }),
      ...(validate !== undefined && candidate === undefined && { validate: validatePart(validate, part) }),
      ...(options.backup && goal.entry?.kind === 'file' && { backup: backUp(goal.path) }),
      place: place(part, goal, placed),
    }),
    ...(goal.entry ? { alters: [path] } : { creates: [path] }),
    result: resultOf(goal.path, placed, content.sha256),
  };
}

/** The fields that `copy`, `template` and their like return about the file. */
export function resultOf(
  path: string,
  entry: Partial<Entry> | undefined,
  sha256?: string,
): Readonly<Record<string, unknown>> {
  if (!entry) return { dest: path, state: 'absent' };
  const { mode, owner, group, uid, gid, size, kind } = entry;
  const fields = { dest: path, state: kind, mode: formatMode(mode!), owner, group, uid, gid, size, checksum: sha256 };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** JSON Schema of {@link resultOf}. */
export const resultSchemas = {
  dest: { type: 'string', description: 'The path that was written.' },
  state: { type: 'string', description: 'What stands there: file, directory, link, absent, …' },
  mode: { type: 'string', description: 'Permissions as four octal digits.' },
  owner: { type: 'string', description: "The owner's name." },
  group: { type: 'string', description: "The group's name." },
  uid: { type: 'integer', description: "The owner's number." },
  gid: { type: 'integer', description: "The group's number." },
  size: { type: 'integer', description: 'Bytes.' },
  checksum: { type: 'string', description: 'SHA-256 of the content, lower-case hex.' },
} as const;

function refuseGoal(goal: Goal): Refuse | undefined {
  if (goal.homeless) {
    const directory = posix.dirname(goal.path);
    return {
      kind: 'refuse',
      message: `the directory ${directory} does not exist`,
      advice: `Create it first: file: {path: ${directory}, state: directory}.`,
      needs: [{ kind: 'path', name: directory }],
    };
  }
  if (!goal.entry || goal.entry.kind === 'file' || goal.entry.kind === 'link') return undefined;
  return {
    kind: 'refuse',
    message: `${goal.path} is a ${goal.entry.kind}, not a file`,
    advice: 'Name another path, or remove what stands there.',
  };
}

function decideAttributes(goal: Goal, options: ReplaceOptions, ids: Ids): Decision {
  const mend = mendAttributes(goal.path, goal.entry!, options, ids);
  const result = resultOf(goal.path, goal.entry, goal.sha256);
  if (!mend)
    return {
      kind: 'ok',
      reason: options.force === false ? 'is there already' : 'content and attributes are right',
      result,
    };
  return {
    kind: 'change',
    reason: mend.reason,
    diff: [attributeDiff(goal.path, mend)],
    guard: script({ same: sameGoal(goal) }),
    apply: script({ attributes: mend.commands }),
    alters: [{ kind: 'path', name: goal.path }],
    result,
  };
}

function attributeDiff(path: string, mend: { before: string; after: string }): Diff {
  return { subject: `${path} (attributes)`, before: mend.before, after: mend.after };
}

type Placed = Pick<Entry, 'kind' | 'mode' | 'size'> & Ids;

/** The attributes of the new file: those that are owned, else those of the file it replaces. */
function placedEntry(goal: Goal, content: Content, options: ReplaceOptions, ids: Ids): Placed {
  const old = goal.entry?.kind === 'file' ? goal.entry : undefined;
  const base = old?.mode ?? 0o644;
  const mode = options.mode === undefined ? base : resolveMode(options.mode, base, false);
  const uid = ids.uid ?? old?.uid;
  const gid = ids.gid ?? old?.gid;
  return {
    kind: 'file',
    mode,
    size: content.size,
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
  };
}

function place(part: string, { path, entry }: Goal, { uid, gid, mode }: Placed): ShellText {
  const ids = `${uid ?? ''}${gid === undefined ? '' : `:${gid}`}`;
  // Who may not chown can still replace a file of his own.
  const chown = sh`{ [ "$(stat -c %u:%g -- ${part})" = ${ids} ] || chown ${ids} ${part}; }`;
  // mv would move the file into the directory that a link points to.
  const unlink = entry?.kind === 'link' && sh`rm -f -- ${path}`;
  return join([ids !== '' && chown, sh`chmod ${formatMode(mode)} ${part}`, unlink, sh`mv -f ${part} ${path}`], ' &&\n');
}

function backUp(path: string): ShellText {
  return sh`cp -p -- ${path} ${path}".$(date +%Y-%m-%d@%H:%M:%S)~"`;
}

function validatePart(command: string, part: string): ShellText {
  return sh`${fillCommand(command, part)} || { rc=$?; rm -f -- ${part}; exit $rc; }`;
}

/** Writes the candidate to memory, so that check mode leaves no trace on a disk, and runs the command on it. */
function rehearse(command: string, base: string, text: string): ShellText {
  return join([
    raw('umask 077'),
    raw(
      'd=$(mktemp -d /dev/shm/hostwright.XXXXXX 2>/dev/null) || d=$(mktemp -d /run/hostwright.XXXXXX 2>/dev/null) || d=$(mktemp -d) || exit',
    ),
    raw(`trap 'rm -rf "$d"' 0`),
    sh`printf %s ${text} > "$d"/${base} || exit`,
    fillCommand(command, sh`"$d"/${base}`),
  ]);
}
