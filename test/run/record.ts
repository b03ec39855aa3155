import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NumberedEvent } from '../../src/events/event.ts';
import { readRecorded } from '../../src/journal/recorded.ts';
import type { Recorded } from '../../src/run/state/recorded.ts';

const id = '0aaaa';

/** What a journal with these events says to a run that continues it. */
export function recordOf(folder: string, events: readonly NumberedEvent[], repeat = false): Promise<Recorded> {
  const run = join(folder, 'runs', id);
  mkdirSync(run, { recursive: true });
  writeFileSync(join(run, 'events.jsonl'), events.map(event => `${JSON.stringify(event)}\n`).join(''));
  return readRecorded(folder, id, repeat);
}
