import { type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { glob } from '../inventory/patterns.ts';
import { entryOf, type RunEntry } from './entry.ts';
import { UnusableRun } from './errors.ts';
import { folderOfRun, runFiles, runIds } from './folder.ts';
import { type IndexFile, openIndex } from './index-file.ts';
import { sumUp } from './summary.ts';

/** Which runs are meant; what is not given does not matter. */
export interface RunFilter {
  /** The name of one of its hosts, with `*` and `?`. */
  readonly host?: string | undefined;
  /** A role or module that a task of it was of. */
  readonly role?: string | undefined;
  readonly module?: string | undefined;
  /** The beginning of the id of its commit, or `dirty`: the tree was not as in its commit. */
  readonly commit?: string | undefined;
  /** One of {@link runStates}. */
  readonly status?: string | undefined;
  /** Milliseconds since 1970: when it began at the earliest, and before when. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** How many, at most: the newest. */
  readonly limit: number;
}

/** Runs that were found, newest first. */
export interface FoundRuns {
  readonly runs: readonly RunEntry[];
  /** Runs on the way to these that cannot be read, by their ids, and why. */
  readonly unreadable: ReadonlyMap<string, string>;
}

/** What a run can be found by: how it ended, and whether it was in check mode or edited later. */
export const runStates: Readonly<Record<string, (run: RunEntry) => boolean>> = {
  ok: ({ status }) => status === 'ok',
  // What check mode would change is not changed.
  changed: ({ status, check }) => status === 'changed' && !check,
  failed: ({ status }) => status === 'failed',
  unreachable: ({ status }) => status === 'unreachable',
  interrupted: ({ status }) => status === 'interrupted',
  defect: ({ status }) => status === 'defect',
  cut: ({ status }) => status === 'cut',
  'under-way': ({ status }) => status === 'under way',
  unknown: ({ status }) => status === 'unknown',
  check: ({ check }) => check,
  edited: ({ edited }) => edited,
};

/** What one who goes through runs wants to know. */
interface Watch {
  /** Gets the runs that cannot be read, by their ids, and why. */
  readonly unreadable?: Map<string, string>;
  /** Told before a journal is read, of how many runs. */
  readonly onRead?: ((of: number) => void) | undefined;
}

/**
 * Finds recorded runs. A run that is over is read once: then the index knows it.
 * @throws HostwrightError where the folder of runs cannot be used
 */
export async function findRuns(state: string, filter: RunFilter, onRead?: Watch['onRead']): Promise<FoundRuns> {
  const unreadable = new Map<string, string>();
  const runs: RunEntry[] = [];
  const isMeant = matcherOf(filter);
  for await (const run of newestRuns(state, { unreadable, onRead })) {
    if (isMeant(run)) runs.push(run);
    if (runs.length >= filter.limit) break;
  }
  return { runs, unreadable };
}

/**
 * Recorded runs from the newest on, as far as someone goes through them. One that is just being
 * begun or removed is passed over.
 * @throws HostwrightError where the folder of runs cannot be used
 */
export async function* newestRuns(state: string, { unreadable, onRead }: Watch = {}): AsyncGenerator<RunEntry> {
  const ids = runIds(state);
  if (ids.length === 0) return;
  const index = openIndex(state);
  try {
    for (const id of ids.toReversed()) {
      const run = await entryIn(index, { state, id, onRead: () => onRead?.(ids.length) }).catch(error => {
        if (!(error instanceof UnusableRun)) throw error;
        if (!isPassing(state, id)) unreadable?.set(id, error.message);
      });
      if (run) yield run;
    }
  } finally {
    index.close(ids);
  }
}

interface Wanted {
  readonly state: string;
  readonly id: string;
  readonly onRead: () => void;
}

async function entryIn(index: IndexFile, { state, id, onRead }: Wanted): Promise<RunEntry> {
  const mark = markOf(state, id);
  const known = index.find(id, mark);
  if (known) return known;
  onRead();
  const entry = entryOf(await sumUp(state, id));
  if (entry.status !== 'under way' && entry.status !== 'unknown') index.add(entry, mark);
  return entry;
}

/** Milliseconds in which a run that has begun writes its first event. */
const beginning = 60_000;

/** Whether a run that cannot be read is not there any more, or has only just begun. */
function isPassing(state: string, id: string): boolean {
  const folder = statSync(folderOfRun(state, id), { throwIfNoEntry: false });
  const events = statSync(join(folderOfRun(state, id), runFiles.events), { throwIfNoEntry: false });
  return !folder || (!events?.size && Date.now() - folder.mtimeMs < beginning);
}

/** Differs once a journal is not the same any more. */
function markOf(state: string, id: string): string {
  return [runFiles.events, runFiles.hash]
    .map(name => statSync(join(folderOfRun(state, id), name), { throwIfNoEntry: false }))
    .map(stats => stats && markOfFile(stats))
    .join(' ');
}

/** The last of these cannot be set to what it was. */
function markOfFile({ size, mtimeMs, ctimeMs }: Stats): string {
  return `${size}:${mtimeMs}:${ctimeMs}`;
}

function matcherOf({ host, role, module, commit, status, since, until }: RunFilter): (run: RunEntry) => boolean {
  const isHost = host === undefined ? undefined : glob(host);
  const isState = status === undefined ? undefined : runStates[status];
  return run => {
    const began = Date.parse(run.time);
    return (
      (!isHost || Object.keys(run.hosts).some(isHost)) &&
      (role === undefined || run.roles.includes(role)) &&
      (module === undefined || run.modules.includes(module)) &&
      (commit === undefined || isAt(run, commit)) &&
      (!isState || isState(run)) &&
      (since === undefined || began >= since) &&
      (until === undefined || began < until)
    );
  };
}

function isAt({ commit }: RunEntry, wanted: string): boolean {
  if (!commit) return false;
  return wanted === 'dirty' ? !commit.clean : commit.id.startsWith(wanted.toLowerCase());
}
