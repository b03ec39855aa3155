import { type Change, change, type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import { type Behind, enter, fixAttributes } from '../../host/file/attributes.ts';
import { type Entry, sameEntry } from '../../host/file/entry.ts';
import type { Ids } from '../../host/file/ids.ts';
import { chmodMode, resolveMode } from '../../host/file/mode.ts';
import { ownerText, writeFile } from '../../host/file/place.ts';
import { resultOf } from '../../host/file/replace.ts';
import { join, type ShellText, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { decideAbsent } from './decide-absent.ts';
import { decideLink } from './decide-link.ts';
import { fixBelow } from './fix-below.ts';
import type { PathState } from './probe-path.ts';
import type { Args } from './schema.ts';

/** The decision of the module `file`, by its state. */
export function decidePath(args: Args, state: PathState): Decision {
  if ('kind' in state.ids) return state.ids;
  if (args.state === 'absent') return decideAbsent(args, state);
  if (args.state === 'link' || args.state === 'hard') return decideLink(args, state);
  const entry = state.target;
  if (args.state === 'directory')
    return entry ? decideThere(args, state, entry, 'directory') : makeDirectory(args, state);
  if (args.state === 'touch') return entry ? touch(args, state, entry) : touchNew(args, state);
  if (entry) return decideThere(args, state, entry, args.state);
  return refuse(
    `${args.path} does not exist`,
    args.state === 'file'
      ? 'state file makes nothing: use copy, template or state touch.'
      : 'Say which state it is to have.',
    { needs: [{ kind: 'path', name: args.path }] },
  );
}

function decideThere(args: Args, state: PathState, entry: Entry, wanted: 'directory' | 'file' | undefined): Decision {
  if (wanted === 'directory' ? entry.kind !== 'directory' : wanted === 'file' && entry.kind === 'directory') {
    return wrongKind(args.path, entry, wanted!);
  }
  const result = { path: args.path, ...resultOf(args.path, entry) };
  const ids = state.ids as Ids;
  const fix = fixAttributes(placeOf(args, state, entry), entry, args, ids);
  const below = state.below && fixBelow(args, ids, state.below);
  if (!fix && !below) return ok(`is a ${entry.kind} with these attributes`, { result });
  return change([fix?.reason, below?.reason].filter(Boolean).join(', '), {
    diff: [
      ...(fix ? [{ subject: args.path, before: fix.before, after: fix.after }] : []),
      ...(below ? [{ subject: `${args.path} (below)`, before: below.before, after: below.after }] : []),
    ],
    ...(fix ? { guarded: 'attributes' } : { guard: script({ same: sameEntry(args.path, state.entry) }) }),
    apply: script({ ...(fix && { attributes: fix.commands }), ...(below && { below: below.commands }) }),
    contained: true,
    alters: [{ kind: 'path', name: args.path }],
    result,
  });
}

/** Parents that are made on the way get the same mode and owner. */
function makeDirectory(args: Args, state: PathState): Decision {
  if (state.entry) return wrongKind(args.path, state.entry, 'directory');
  const mode = args.mode === undefined ? '' : chmodMode(resolveMode(args.mode, 0o755, true), true);
  const path = args.path.replace(/\/(\.?\/)+/g, '/').replace(/(.)\/+$/, '$1');
  return {
    ...made(args, 'directory\n', sh`hw_path ${path} ${ownerText(state.ids as Ids)} ${mode}`),
    guard: script({ same: sameEntry(args.path, undefined) }),
  };
}

function makeFile(args: Args, state: PathState): Decision {
  if (state.entry) return wrongKind(args.path, state.entry, 'file');
  const mode = resolveMode(args.mode ?? '0644', 0o644, false);
  const placed = { ...(state.ids as Ids), mode };
  const make = writeFile(args.path, { seen: undefined, placed, write: undefined });
  const change = { ...made(args, 'an empty file\n', make), guarded: 'make' };
  return state.homeless ? { ...noParent(args.path), once: change } : change;
}

/** A file that is there now is what was asked for: another touch would set its times once more. */
function touchNew(args: Args, state: PathState): Decision {
  const decision = makeFile(args, state);
  if (decision.kind !== 'change') return decision;
  const proves = (after: unknown) => {
    const { target } = after as PathState;
    const there = target && decideThere(args, after as PathState, target, undefined);
    return there?.kind === 'ok' ? undefined : `${args.path} is not there as it should be`;
  };
  return { ...decision, verify: { proves } };
}

function touch(args: Args, state: PathState, entry: Entry): Decision {
  const keepsBoth = args.modification_time === 'preserve' && args.access_time === 'preserve';
  if (keepsBoth) return decideThere(args, state, entry, undefined);
  const option = args.modification_time === 'preserve' ? '-a' : args.access_time === 'preserve' ? '-m' : undefined;
  const attributes = decideThere(args, state, entry, undefined);
  const fixed = attributes.kind === 'change' ? attributes : undefined;
  return change(fixed ? `${fixed.reason}, touched` : 'touched', {
    diff: [...(fixed?.diff ?? []), { subject: `${args.path} (times)`, before: 'as they were\n', after: 'now\n' }],
    apply: script({
      ...(fixed && { attributes: join(fixed.apply.sections.map(({ text }) => ({ kind: 'shell-text', text }))) }),
      touch: sh`${enter(placeOf(args, state, entry))} && touch -c -h ${option === undefined ? [] : [option]} -- "$n"`,
    }),
    contained: true,
    alters: [{ kind: 'path', name: args.path }],
    verify: 'none',
    report: () => ({ path: args.path, ...resultOf(args.path, entry) }),
  });
}

/** Where an entry is that was found at the path, or behind a link there. */
function placeOf({ path }: Args, state: PathState, entry: Entry): string | Behind {
  return state.entry?.kind === 'link' && entry.kind !== 'link' ? { link: path } : path;
}

function made(args: Args, after: string, make: ShellText): Change {
  return change('is absent', {
    diff: [{ subject: args.path, before: '', after }],
    apply: script({ make }),
    contained: true,
    creates: [{ kind: 'path', name: args.path }],
    result: { path: args.path, dest: args.path },
  });
}

function wrongKind(path: string, entry: Entry, wanted: string): Refuse {
  return refuse(
    `${path} is a ${entry.kind}, not a ${wanted}`,
    'Remove it first (state: absent), or name another path.',
  );
}

function noParent(path: string): Refuse {
  const directory = path.replace(/\/[^/]*\/*$/, '') || '/';
  return refuse(
    `the directory ${directory} does not exist`,
    `Create it first: file: {path: ${directory}, state: directory}.`,
    { needs: [{ kind: 'path', name: directory }] },
  );
}
