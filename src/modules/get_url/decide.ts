import { posix } from 'node:path';
import { change, type Decision, ok, refuse } from '../../decision.ts';
import { fixAttributes } from '../../host/file/attributes.ts';
import type { Entry } from '../../host/file/entry.ts';
import type { Ids } from '../../host/file/ids.ts';
import { replacing } from '../../host/file/kept.ts';
import { refuseDirectory } from '../../host/file/missing-directory.ts';
import { formatMode, resolveMode } from '../../host/file/mode.ts';
import { writeFile } from '../../host/file/place.ts';
import { resultOf } from '../../host/file/replace.ts';
import { CannotTell } from '../../shell/answer.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { download } from './download.ts';
import type { DownloadGoal } from './goal.ts';
import type { Args } from './schema.ts';

/** What a download comes to, from what lies at its goal. */
export function decideDownload(args: Args, { place, hash, program, ids }: DownloadGoal): Decision {
  const { path, entry } = place;
  if ('kind' in ids) return ids;
  if (place.homeless) return refuseDirectory(posix.dirname(path));
  if (entry && entry.kind !== 'file' && entry.kind !== 'link') {
    return refuse(`${path} is a ${entry.kind}, not a file`, 'Name another dest.');
  }
  const [algorithm = '', wanted] = args.checksum?.toLowerCase().split(':') ?? [];
  if (entry?.kind === 'file' && (wanted === undefined ? !args.force : hash === wanted)) {
    const result = { url: args.url, ...resultOf(path, entry, algorithm === 'sha256' ? hash : undefined) };
    return decideAttributes(args, { path, entry }, ids, result);
  }

  const fetcher = requireProgram(args, program);
  const old = entry?.kind === 'file' ? entry : undefined;
  const mode = args.mode === undefined ? (old?.mode ?? 0o644) : resolveMode(args.mode, old?.mode ?? 0o644, false);
  const uid = ids.uid ?? old?.uid;
  const gid = ids.gid ?? old?.gid;
  const placed = { mode, ...(uid !== undefined && { uid }), ...(gid !== undefined && { gid }) };
  const resource = { kind: 'path', name: path } as const;
  return change(!entry ? 'is absent' : wanted === undefined ? 'is fetched each time' : 'is another file', {
    diff: [
      {
        subject: path,
        before: before(entry, hash && `, ${algorithm} ${hash}`),
        after: `from ${shown(args.url)}${wanted === undefined ? '' : `, ${algorithm} ${wanted}`}\n`,
      },
    ],
    guarded: 'fetch',
    apply: script({
      fetch: writeFile(path, {
        seen: entry,
        placed,
        write: sh`${download(args, fetcher)} >&3`,
        check: wanted === undefined ? undefined : checkHash(algorithm, wanted),
      }),
    }),
    ...(entry ? { alters: [resource] } : { creates: [resource] }),
    ...replacing(path, entry, algorithm === 'sha256' ? { sha256: hash, after: wanted } : {}),
    ...(wanted === undefined &&
      args.force && { verify: 'none' as const, report: () => ({ url: args.url, dest: path }) }),
    result: { url: args.url, dest: path, mode: formatMode(mode) },
  });
}

function decideAttributes(
  args: Args,
  { path, entry }: { readonly path: string; readonly entry: Entry },
  ids: Ids,
  result: Record<string, unknown>,
): Decision {
  const fix = fixAttributes(path, entry, args, ids);
  if (!fix) return ok(args.checksum === undefined ? 'is there already' : 'has this hash', { result });
  return change(fix.reason, {
    diff: [{ subject: `${path} (attributes)`, before: fix.before, after: fix.after }],
    guarded: 'attributes',
    apply: script({ attributes: fix.commands }),
    alters: [{ kind: 'path', name: path }],
    result,
  });
}

/** @throws CannotTell where the host has nothing to fetch with */
function requireProgram(args: Args, program: 'curl' | 'wget' | undefined): 'curl' | 'wget' {
  const needs = [
    { kind: 'program', name: 'curl' },
    { kind: 'package', name: 'curl' },
  ] as const;
  if (!program) throw new CannotTell('the host has neither curl nor wget', { advice: 'Install curl first.', needs });
  if (program === 'wget' && Object.keys(args.headers).length > 0) {
    throw new CannotTell('headers need curl: wget would show them to everybody in its argument list', {
      advice: 'Install curl first.',
      needs,
    });
  }
  return program;
}

function checkHash(algorithm: string, wanted: string) {
  return sh`h=$(${`${algorithm}sum`} <"$hw_k") &&
{ [ "\${h%% *}" = ${wanted} ] ||
  { echo ${`the file that came has another ${algorithm} hash than ${wanted}:`} "\${h%% *}" >&2; exit 1; }; }`;
}

function before(entry: Entry | undefined, hash = ''): string {
  if (!entry) return '';
  return entry.kind === 'link' ? 'a symbolic link\n' : `${entry.size} bytes${hash}\n`;
}

/** Without user and password. */
function shown(url: string): string {
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  return parsed.href;
}
