import { posix } from 'node:path';
import { change, type Decision, inSequence, type Refuse, refuse } from '../../decision.ts';
import { fixAttributes } from '../../host/file/attributes.ts';
import { contentOfText } from '../../host/file/content.ts';
import { type Entry, sameEntry } from '../../host/file/entry.ts';
import type { Goal } from '../../host/file/goal.ts';
import type { Ids } from '../../host/file/ids.ts';
import { makeDirectory as makeAt } from '../../host/file/place.ts';
import { decideReplace } from '../../host/file/replace.ts';
import { script } from '../../shell/script.ts';

/** Whose file it is. */
export interface Owner {
  readonly name: string;
  readonly ids: Ids;
}

export interface HomeOptions {
  /** Undefined where the one who runs the task is the owner. */
  readonly owner: Owner | undefined;
  readonly mode: string;
  /** Makes the directory, and fixes its owner and mode. */
  readonly manageDirectory: boolean;
}

/**
 * Decides about a file in ~/.ssh together with its directory, which is its user's alone. Root
 * writes there what the user may have prepared, so that a symbolic link is never followed.
 */
export function decideInHome(goal: Goal, directory: Entry | undefined, text: string, options: HomeOptions): Decision {
  const { owner, mode, manageDirectory } = options;
  const path = posix.dirname(goal.path);
  const refused = refuseOther(path, directory, 'directory') ?? refuseOther(goal.path, goal.entry, 'file');
  if (refused) return refused;
  const names = owner ? { owner: owner.name, group: String(owner.ids.gid) } : {};
  const ids = owner?.ids ?? {};
  const place = manageDirectory ? { ...goal, homeless: false } : goal;
  const file = decideReplace(place, contentOfText(text), { mode, ...names }, ids);
  if (file.kind === 'refuse' || !manageDirectory) return file;
  const folder = directory ? fixAttributes(path, directory, { mode: '0700', ...names }, ids) : makeDirectory(path, ids);
  if (!folder) return file;
  const written = file.kind === 'change' ? file : undefined;
  const made = {
    diff: [{ subject: path, before: folder.before, after: folder.after }],
    guard: script({ directory: sameEntry(path, directory) }),
    contained: true,
    apply: script({ directory: folder.commands }),
    [directory ? 'alters' : 'creates']: [{ kind: 'path', name: path }],
  };
  const reason = [`${path}: ${folder.reason}`, written?.reason].filter(Boolean).join(', ');
  return change(reason, { ...inSequence(made, written), ...(file.result && { result: file.result }) });
}

function makeDirectory(path: string, ids: Ids) {
  return {
    reason: 'is absent',
    before: '',
    after: 'mode: 0700\n',
    commands: makeAt(path, { ...ids, mode: 0o700 }),
  };
}

function refuseOther(path: string, entry: Entry | undefined, wanted: 'directory' | 'file'): Refuse | undefined {
  if (!entry || entry.kind === wanted) return undefined;
  return refuse(
    `${path} is a ${entry.kind === 'link' ? 'symbolic link' : entry.kind}, not a ${wanted}`,
    'Its user could have led it anywhere. Name the file with path, or remove what is there.',
  );
}
