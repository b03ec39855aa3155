import { posix } from 'node:path';
import { type Change, change, type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import { fixAttributes } from '../../host/file/attributes.ts';
import { type Entry, sameEntry } from '../../host/file/entry.ts';
import type { Ids } from '../../host/file/ids.ts';
import { ownerText, partsOf } from '../../host/file/place.ts';
import { join, type ShellText, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import type { Link, OwnedPath } from './path-state.ts';
import type { Args } from './schema.ts';

/** `state: link` and `state: hard`. */
export function decideLink(args: Args, state: OwnedPath, link: Link): Decision {
  const { path, force } = args;
  const { entry, homeless } = state.place;
  const { src, source, says } = link;
  const hard = args.state === 'hard';
  if (homeless) {
    return { ...missing(posix.dirname(path), 'the directory'), once: makeLink(args, state, link) };
  }
  if (!source && (hard || !force)) return missing(src, 'src');
  const linked = hard ? sameInode(entry, source) : entry?.kind === 'link' && says === src;
  if (entry && linked) return decideOwner(args, entry, state.ids);
  if (entry && entry.kind !== 'link' && !force) {
    return refuse(
      `${path} is a ${entry.kind} already`,
      'Remove it first (state: absent), or say force: true to replace a file.',
    );
  }
  if (entry?.kind === 'directory') {
    return refuse(`${path} is a directory`, 'Remove it first (state: absent).');
  }
  return makeLink(args, state, link);
}

function sameInode(entry: Entry | undefined, source: Entry | undefined): boolean {
  return entry !== undefined && entry.inode === source?.inode && entry.device === source.device;
}

function makeLink(args: Args, { place: { entry }, ids }: OwnedPath, { src, says }: Link): Change {
  const { path } = args;
  const hard = args.state === 'hard';
  return change(
    !entry ? 'is absent' : entry.kind === 'link' && !hard ? 'points elsewhere' : `is another ${entry.kind}`,
    {
      diff: [
        {
          subject: path,
          before: !entry ? '' : says ? `link to ${says}\n` : `${entry.kind}\n`,
          after: `${args.state} to ${src}\n`,
        },
      ],
      guard: script({ same: sameEntry(path, entry) }),
      contained: true,
      apply: script({
        link: hard ? hardLink(src, path) : symbolicLink(src, path, ownerText(ids)),
      }),
      ...(entry ? { alters: [{ kind: 'path', name: path }] } : { creates: [{ kind: 'path', name: path }] }),
      result: { path, dest: path, src, state: args.state },
    },
  );
}

function symbolicLink(src: string, path: string, own: string): ShellText {
  const { directory, name } = partsOf(path);
  return own === ''
    ? join([sh`hw_cd ${directory}`, link(sh`-sfT -- ${src}`, `./${name}`)])
    : sh`hw_link ${directory} ${name} ${src} ${own}`;
}

function hardLink(src: string, path: string): ShellText {
  const { directory, name } = partsOf(path);
  return join([sh`hw_cd ${directory}`, link(sh`-fT -- ${src.startsWith('/') ? src : `./${src}`}`, `./${name}`)]);
}

function link(from: ShellText, name: string): ShellText {
  return sh`hw_e=$(exec ln ${from} ${name} 2>&1) || hw_stuck ${name} "$hw_e"`;
}

function decideOwner(args: Args, entry: Entry, ids: Ids): Decision {
  const { path, src, state } = args;
  const result = { path, dest: path, src, state };
  const fix = fixAttributes(path, entry, args, ids);
  if (!fix) return ok('points there already', { result });
  return change(fix.reason, {
    diff: [{ subject: args.path, before: fix.before, after: fix.after }],
    guarded: 'attributes',
    contained: true,
    apply: script({ attributes: fix.commands }),
    alters: [{ kind: 'path', name: args.path }],
    result,
  });
}

function missing(path: string, what: string): Refuse {
  return refuse(
    `${what} ${path} does not exist`,
    what === 'src' ? 'Create it first; force: true makes a symbolic link to nothing.' : 'Create it first.',
    { needs: [{ kind: 'path', name: path }] },
  );
}
