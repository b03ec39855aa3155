import { posix } from 'node:path';
import { type Change, change, type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import type { Diff } from '../../events/result.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { type AttributeArguments, fixAttributes, keptBits } from './attributes.ts';
import { type Content, describeContent, describeGoal } from './content.ts';
import type { Entry } from './entry.ts';
import { fillCommand } from './fill-command.ts';
import { type Goal, smallFile, textOf } from './goal.ts';
import type { Ids } from './ids.ts';
import { replacing } from './kept.ts';
import { refuseDirectory } from './missing-directory.ts';
import { formatMode, resolveMode } from './mode.ts';
import { type Placed, writeFile } from './place.ts';

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
  if (refused) return goal.homeless ? { ...refused, once: rewrite(goal, content, options, ids) } : refused;
  const { entry } = goal;
  const same = entry?.kind === 'file' && goal.sha256 === content.sha256;
  if (entry && (same || options.force === false)) return decideAttributes({ ...goal, entry }, options, ids);
  return rewrite(goal, content, options, ids);
}

function rewrite(goal: Goal, content: Content, options: ReplaceOptions, ids: Ids): Change {
  const placed = placedEntry(goal, content, options, ids);
  const attributes = goal.entry?.kind === 'file' && fixAttributes(goal.path, goal.entry, options, ids);
  const { validate } = options;
  const candidate = content.text !== undefined && content.size <= smallFile ? content.text : undefined;
  const path = { kind: 'path', name: goal.path } as const;
  const { from } = content;
  return change(!goal.entry ? 'is absent' : goal.entry.kind === 'link' ? 'is a symbolic link' : 'content differs', {
    diff: [
      { subject: goal.path, before: describeGoal(goal), after: describeContent(content) },
      ...(attributes ? [attributeDiff(goal.path, attributes)] : []),
    ],
    ...(from.kind === 'sent' && { sends: [{ goal: goal.path, content: from.content }] }),
    ...(validate !== undefined &&
      candidate !== undefined && {
        rehearse: script({ validate: rehearse(validate, posix.basename(goal.path), candidate) }),
      }),
    guarded: 'place',
    contained: validate === undefined,
    apply: script({
      place: writeFile(goal.path, {
        seen: goal.entry,
        placed,
        write: from.kind === 'sent' ? 'sent' : sh`{ ${from} >&3 || hw_unwritten; }`,
        still: both(content.same, sameContent(goal)),
        check: validate !== undefined && candidate === undefined ? validateNew(validate) : undefined,
        backup: options.backup && goal.entry?.kind === 'file',
      }),
    }),
    ...(goal.entry ? { alters: [path] } : { creates: [path] }),
    ...replacing(goal.path, goal.entry, { sha256: goal.sha256, after: content.sha256 }),
    result: resultOf(goal.path, placed, content.sha256),
  });
}

/** The fields that `copy`, `template` and their like return about the file. */
export function resultOf(
  path: string,
  entry: (Pick<Entry, 'mode'> & Partial<Entry>) | undefined,
  sha256?: string,
): Readonly<Record<string, unknown>> {
  if (!entry) return { dest: path, state: 'absent' };
  const { mode, owner, group, uid, gid, size, kind } = entry;
  const fields = { dest: path, state: kind, mode: formatMode(mode), owner, group, uid, gid, size, checksum: sha256 };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** JSON Schema of {@link resultOf}. */
export const resultSchemas = {
  dest: { type: 'string', description: 'The path that was written.' },
  state: { type: 'string', description: 'What is there: file, directory, link, absent, …' },
  mode: { type: 'string', description: 'Permissions as four octal digits.' },
  owner: { type: 'string', description: "The owner's name." },
  group: { type: 'string', description: "The group's name." },
  uid: { type: 'integer', description: "The owner's number." },
  gid: { type: 'integer', description: "The group's number." },
  size: { type: 'integer', description: 'Bytes.' },
  checksum: { type: 'string', description: 'SHA-256 of the content, lower-case hex.' },
} as const;

function refuseGoal(goal: Goal): Refuse | undefined {
  if (goal.homeless) return refuseDirectory(posix.dirname(goal.path));
  if (goal.toDirectory) {
    return refuse(
      `${goal.path} is a symbolic link to a directory, not a file`,
      'Name a file in that directory. If the link is to go, remove it first: file with state absent.',
    );
  }
  if (!goal.entry || goal.entry.kind === 'file' || goal.entry.kind === 'link') return undefined;
  return refuse(`${goal.path} is a ${goal.entry.kind}, not a file`, 'Name another path, or remove what is there.');
}

function decideAttributes(goal: Goal & { entry: Entry }, options: ReplaceOptions, ids: Ids): Decision {
  const fix = fixAttributes(goal.path, goal.entry, options, ids);
  const result = resultOf(goal.path, goal.entry, goal.sha256);
  if (!fix) return ok(options.force === false ? 'is there already' : 'content and attributes are right', { result });
  return change(fix.reason, {
    diff: [attributeDiff(goal.path, fix)],
    guarded: 'attributes',
    contained: true,
    apply: script({ attributes: fix.commands }),
    alters: [{ kind: 'path', name: goal.path }],
    result,
  });
}

function attributeDiff(path: string, fix: { before: string; after: string }): Diff {
  return { subject: `${path} (attributes)`, before: fix.before, after: fix.after };
}

/** The attributes of the new file: those that are owned, else those of the file it replaces. */
function placedEntry(
  goal: Goal,
  content: Content,
  options: ReplaceOptions,
  ids: Ids,
): Placed & Pick<Entry, 'kind' | 'size'> {
  const old = goal.entry?.kind === 'file' ? goal.entry : undefined;
  const moves = old && {
    ...(differs(ids.uid, old.uid) && { uid: ids.uid }),
    ...(differs(ids.gid, old.gid) && { gid: ids.gid }),
  };
  const base = old ? keptBits(old, moves as Ids) : 0o644;
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

function differs(wanted: number | undefined, there: number): boolean {
  return wanted !== undefined && wanted !== there;
}

/** Text up to this size is compared by builtins of the shell. */
const shortText = 2048;

/**
 * Leaves with 75 if the content of the goal has changed: after two edits within a second, size and
 * time may be the same.
 */
function sameContent({ bytes, sha256 }: Goal): ShellText | undefined {
  if (sha256 === undefined) return undefined;
  const text = bytes && bytes.length <= shortText ? textOf(bytes) : undefined;
  if (text !== undefined) return sh`hw_holds ${text}`;
  return sh`{ [ "$(sha256sum <"$hw_t")" = ${`${sha256}  -`} ] || exit 75; }`;
}

function both(one: ShellText | undefined, other: ShellText | undefined): ShellText | undefined {
  return one && other ? join([one, other], ' &&\n') : (one ?? other);
}

/** Runs the command on the candidate, from where every section begins. */
function validateNew(command: string): ShellText {
  return sh`( k=$PWD/\${hw_k#./} && cd / && ${fillCommand(command, sh`"$k"`)} || exit 1 )`;
}

/**
 * Writes the candidate to memory, so that check mode leaves no trace on a disk, and runs the
 * command on it.
 */
function rehearse(command: string, base: string, text: string): ShellText {
  return join([
    raw('umask 077'),
    raw(
      'd=$(mktemp -d /dev/shm/hostwright.XXXXXX 2>/dev/null) || d=$(mktemp -d ' +
        '/run/hostwright.XXXXXX 2>/dev/null) || d=$(mktemp -d) || exit',
    ),
    raw(`trap 'rm -rf "$d"' 0`),
    sh`printf %s ${text} > "$d"/${base} || exit`,
    fillCommand(command, sh`"$d"/${base}`),
  ]);
}
