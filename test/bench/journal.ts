import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { certain } from '../../src/errors.ts';
import { startBenchFarm } from './bench-farm.ts';
import { type Brought, bring } from './bring.ts';
import type { Bench, Findings, Part } from './part.ts';
import { type Peer, peers } from './peers.ts';
import { writeProject } from './project.ts';
import { digits, median, spread } from './statistics.ts';
import type { Target } from './targets.ts';

const tasks = 20;
const size = 100;
const kinds = ['cold', 'converged'] as const;

/** A run with its journal and one without, by turns. */
interface Pair {
  readonly kept: Brought;
  readonly none: Brought;
}

/** What the record of a run costs. */
export const journal: Part = {
  name: 'journal',
  title: `${tasks} small tasks on ${size} hosts, with and without a journal`,
  measure: measureJournal,
};

async function measureJournal(bench: Bench): Promise<Findings> {
  const hosts = bench.quick ? 4 : size;
  const project = writeProject(join(bench.folder, 'project'), tasks);
  const access = await startBenchFarm(hosts);
  bench.atEnd(() => access.stop());
  const once = (name: string, words: readonly string[]): Promise<Brought> => {
    const folder = join(bench.folder, name);
    mkdirSync(folder, { recursive: true });
    const site = { hostwright: bench.hostwright, access, project, root: join(folder, 'work'), folder };
    return bring(hostwrightWith(words), site, bench.signal);
  };
  const kept = () => once('kept', ['--state', join(bench.folder, 'state')]);
  const none = () => once('none', ['--no-journal']);
  // The first of all runs fills caches.
  await none();
  const pairs: Pair[] = [];
  for (let at = 0; at < bench.repeats; at += 1) {
    // What the one before leaves to the machine is for each of them in turn.
    const pair = at % 2 === 0 ? { kept: await kept(), none: await none() } : { none: await none(), kept: await kept() };
    pairs.push(pair);
    bench.say(kinds.map(kind => `${kind} ${digits(pair.kept[kind])} s to ${digits(pair.none[kind])} s`).join(', '));
  }
  const seconds = (who: keyof Pair, what: keyof Brought) => pairs.map(pair => pair[who][what]);
  const ratioOf = (what: keyof Brought) => median(pairs.map(pair => pair.kept[what] / pair.none[what]));
  return {
    measurements: (['kept', 'none'] as const).flatMap(who =>
      kinds.map(what => ({ who, what, hosts, seconds: seconds(who, what) })),
    ),
    tables: [
      {
        title: `${hosts} hosts with and without a journal`,
        head: ['what', 'with a journal', 'without', 'median ratio'],
        rows: kinds.map(what => [
          what,
          spread(seconds('kept', what)),
          spread(seconds('none', what)),
          `${digits(ratioOf(what))}×`,
        ]),
      },
    ],
    targets: [targetOf(hosts, ratioOf('cold'))],
    notes: [
      'Both are measured in turn, and the ratio is the median of those of each pair. Cold: every task changes ' +
        'every host, and each change is on disk before it is sent.',
    ],
  };
}

/** Hostwright with more options. */
function hostwrightWith(words: readonly string[]): Peer {
  const plain = certain(
    peers.find(({ name }) => name === 'hostwright'),
    'Hostwright among the peers',
  );
  return {
    ...plain,
    start: site => {
      const { command, env } = plain.start(site);
      return { command: [...command, ...words], env };
    },
  };
}

function targetOf(hosts: number, value: number): Target {
  return { what: `with a journal to without, ${hosts} hosts, cold`, unit: '', value, bound: 'at most', limit: 1.1 };
}
