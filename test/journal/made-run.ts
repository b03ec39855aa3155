import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Counts, RunEvent } from '../../src/events/event.ts';
import { emptyCounts } from '../../src/events/reduce.ts';
import type { Origin } from '../../src/events/run-start.ts';
import { folderOfRun, runFiles } from '../../src/journal/folder.ts';
import { about } from '../run/about.ts';
import { eventsFile } from './scratch.ts';

/** What a run was like, as far as it matters. */
export interface Made {
  readonly time?: string;
  readonly check?: boolean;
  readonly title?: string;
  readonly origin?: Partial<Origin>;
  /** By their names. */
  readonly hosts?: Readonly<Record<string, Partial<Counts>>>;
  /** What happened between its beginning and its end. */
  readonly events?: readonly RunEvent[];
  /** Without it, the run has no end. */
  readonly exitCode?: number | undefined;
}

/** Writes the journal of a run that ended well, unless it is made otherwise. */
export function makeRun(state: string, id: string, made: Made = {}): void {
  const { time = '2026-06-01T12:00:00.000Z', check = false, hosts = { h1: { ok: 1 } }, events = [] } = made;
  const exitCode = 'exitCode' in made ? made.exitCode : 0;
  const counts = Object.fromEntries(Object.entries(hosts).map(([name, some]) => [name, { ...emptyCounts, ...some }]));
  const start: RunEvent = {
    type: 'run.started',
    version: 1,
    run: id,
    title: made.title ?? 'site.yml',
    check,
    hosts: Object.keys(hosts),
    plays: [],
    origin: { ...about.origin, ...made.origin },
  };
  const ends = Object.entries(counts).map(
    ([host, own]): RunEvent => ({ type: 'host.finished', host, counts: own, pending: [], owed: [], roundTrips: 1 }),
  );
  const end: readonly RunEvent[] =
    exitCode === undefined ? [] : [...ends, { type: 'run.finished', exitCode, seconds: 61, hosts: counts }];
  const all = [start, ...events, ...end].map((event, at) => ({ ...event, seq: at + 1, time }));
  const text = all.map(event => `${JSON.stringify(event)}\n`).join('');
  mkdirSync(folderOfRun(state, id), { recursive: true, mode: 0o700 });
  writeFileSync(eventsFile(state, id), text);
  if (exitCode === undefined) return;
  const hash = createHash('sha256').update(text).digest('hex');
  writeFileSync(join(folderOfRun(state, id), runFiles.hash), `${hash}  ${runFiles.events}\n`);
}

/** The end of a task of a host. */
export function finished(host: string, task: string, more: { readonly role?: string; readonly module?: string } = {}) {
  const { module = 'copy', role } = more;
  return {
    type: 'task.finished',
    host,
    task: { id: task, name: task, module, handler: false, at: 'site.yml:1', ...(role !== undefined && { role }) },
    place: '0/0',
    seconds: 1,
    result: { status: 'changed', message: 'was absent', changed: true, diff: [], pending: [], fields: {} },
  } as const satisfies RunEvent;
}
