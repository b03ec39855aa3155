import { type Change, change, type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import { type Behind, enter, fixAttributes } from '../../host/file/attributes.ts';
import { type Entry, sameEntry } from '../../host/file/entry.ts';
import { refuseDirectory } from '../../host/file/missing-directory.ts';
import { chmodMode, resolveMode } from '../../host/file/mode.ts';
import { ownerText, writeFile } from '../../host/file/place.ts';
import { resultOf } from '../../host/file/replace.ts';
import { join, type ShellText, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { decideAbsent } from './decide-absent.ts';
import { decideLink } from './decide-link.ts';
import { fixBelow } from './fix-below.ts';
import type { OwnedPath, PathState } from './path-state.ts';
import type { Args } from './schema.ts';

/** A path at which something is, behind a link that is followed. */
type There = OwnedPath & { readonly entry: Entry };

/** The decision of the module `file`, by its state. */
export function decidePath(args: Args, { ids, ...seen }: PathState): Decision<PathState> {
  if ('kind' in ids) return ids;
  const state = { ...seen, ids };
  const { place, removal, link } = state;
  if (removal) return decideAbsent(args, place.entry, removal);
  if (link) return decideLink(args, state, link);
  const there = place.target && { ...state, entry: place.target };
  if (args.state === 'directory') return there ? decideDirectory(args, there) : makeDirectory(args, state);
  if (args.state === 'touch') return there ? touch(args, there) : touchNew(args, state);
  if (there) return args.state === 'file' ? decideFile(args, there) : decideThere(args, there);
  return refuse(
    `${args.path} does not exist`,
    args.state === 'file'
      ? 'state file makes nothing: use copy, template or state touch.'
      : 'Say which state it is to have.',
    { needs: [{ kind: 'path', name: args.path }] },
  );
}

function decideDirectory(args: Args, there: There): Decision {
  return there.entry.kind === 'directory' ? decideThere(args, there) : wrongKind(args.path, there.entry, 'directory');
}

function decideFile(args: Args, there: There): Decision {
  return there.entry.kind === 'directory' ? wrongKind(args.path, there.entry, 'file') : decideThere(args, there);
}

function decideThere(args: Args, there: There): Decision {
  const { entry, ids, place } = there;
  const result = { path: args.path, ...resultOf(args.path, entry) };
  const fix = fixAttributes(placeOf(args, there), entry, args, ids);
  const below = there.below && fixBelow(args, ids, there.below);
  if (!fix && !below) return ok(`is a ${entry.kind} with these attributes`, { result });
  return change([fix?.reason, below?.reason].filter(Boolean).join(', '), {
    diff: [
      ...(fix ? [{ subject: args.path, before: fix.before, after: fix.after }] : []),
      ...(below ? [{ subject: `${args.path} (below)`, before: below.before, after: below.after }] : []),
    ],
    ...(fix ? { guarded: 'attributes' } : { guard: script({ same: sameEntry(args.path, place.entry) }) }),
    apply: script({ ...(fix && { attributes: fix.commands }), ...(below && { below: below.commands }) }),
    contained: true,
    alters: [{ kind: 'path', name: args.path }],
    result,
  });
}

/** Parents that are made on the way get the same mode and owner. */
function makeDirectory(args: Args, { place: { entry }, ids }: OwnedPath): Decision {
  if (entry) return wrongKind(args.path, entry, 'directory');
  const mode = args.mode === undefined ? '' : chmodMode(resolveMode(args.mode, 0o755, true), true);
  const path = args.path.replace(/\/(\.?\/)+/g, '/').replace(/(.)\/+$/, '$1');
  return {
    ...made(args, 'directory\n', sh`hw_path ${path} ${ownerText(ids)} ${mode}`),
    guard: script({ same: sameEntry(args.path, undefined) }),
  };
}

function makeFile(args: Args, { place: { entry, homeless }, ids }: OwnedPath): Decision {
  if (entry) return wrongKind(args.path, entry, 'file');
  const mode = resolveMode(args.mode ?? '0644', 0o644, false);
  const placed = { ...ids, mode };
  const make = writeFile(args.path, { seen: undefined, placed, write: undefined });
  const change = { ...made(args, 'an empty file\n', make), guarded: 'make' };
  return homeless ? { ...noParent(args.path), once: change } : change;
}

/** A file that is there now is what was asked for: another touch would set its times once more. */
function touchNew(args: Args, state: OwnedPath): Decision<PathState> {
  const decision = makeFile(args, state);
  if (decision.kind !== 'change') return decision;
  const proves = ({ ids, ...after }: PathState) => {
    const entry = after.place.target;
    const right = entry && !('kind' in ids) && decideThere(args, { ...after, ids, entry }).kind === 'ok';
    return right ? undefined : `${args.path} is not there as it should be`;
  };
  return { ...decision, verify: { proves } };
}

function touch(args: Args, there: There): Decision {
  const attributes = decideThere(args, there);
  const keepsBoth = args.modification_time === 'preserve' && args.access_time === 'preserve';
  if (keepsBoth) return attributes;
  const option = args.modification_time === 'preserve' ? '-a' : args.access_time === 'preserve' ? '-m' : undefined;
  const fixed = attributes.kind === 'change' ? attributes : undefined;
  return change(fixed ? `${fixed.reason}, touched` : 'touched', {
    diff: [...(fixed?.diff ?? []), { subject: `${args.path} (times)`, before: 'as they were\n', after: 'now\n' }],
    apply: script({
      ...(fixed && { attributes: join(fixed.apply.sections.map(({ text }) => ({ kind: 'shell-text', text }))) }),
      touch: sh`${enter(placeOf(args, there))} && touch -c -h ${option === undefined ? [] : [option]} -- "$n"`,
    }),
    contained: true,
    alters: [{ kind: 'path', name: args.path }],
    verify: 'none',
    report: () => ({ path: args.path, ...resultOf(args.path, there.entry) }),
  });
}

/** Where an entry is that was found at the path, or behind a link there. */
function placeOf({ path }: Args, { place, entry }: There): string | Behind {
  return place.entry?.kind === 'link' && entry.kind !== 'link' ? { link: path } : path;
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
  return refuseDirectory(path.replace(/\/[^/]*\/*$/, '') || '/');
}
