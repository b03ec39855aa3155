import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startBenchFarm } from './bench-farm.ts';
import { type Brought, bring } from './bring.ts';
import type { Bench, Findings, Measurement, Part } from './part.ts';
import { type Peer, peers, titles } from './peers.ts';
import { type Project, writeProject } from './project.ts';
import { digits, ratio, spread } from './statistics.ts';
import type { Table } from './table.ts';
import type { Target } from './targets.ts';
import { treeOf } from './tree.ts';

const tasks = 20;

const mitogenNote =
  'Mitogen is the package ansible-mitogen of Debian. It takes Ansible from 2.10 to 2.14, and needs nothing but its strategy (mitogen_linear).';

/**
 * Many hosts with an sshd, all on this machine, and all who can bring them to a condition: a part
 * for each size.
 */
export const farms: readonly Part[] = [20, 100].map(hosts => ({
  name: `farm-${hosts}`,
  title: `${tasks} small tasks on ${hosts} hosts`,
  measure: bench => measureFarm(bench, bench.quick ? 4 : hosts),
}));

async function measureFarm(bench: Bench, hosts: number): Promise<Findings> {
  const chosen = peers.filter(peer => bench.peers?.includes(peer.name) ?? true);
  const missing = peers.flatMap(peer => {
    const why = chosen.includes(peer) ? peer.obstacle() : 'it was not asked for';
    return why === undefined ? [] : [`${titles[peer.name]} was not measured: ${why}.`];
  });
  const project = writeProject(join(bench.folder, 'project'), tasks);
  const present = chosen.filter(peer => !peer.obstacle());
  const { failed, measurements } = await measurePeers(bench, hosts, present, project);
  const found = (who: string) => measurements.some(each => each.who === who);
  return {
    measurements,
    tables: [tableOf(hosts, measurements)],
    targets: targetsOf(hosts, measurements),
    notes: [
      'Hosts are sshd processes on loopback addresses, each with a folder of its own to work in: they share the processors with the controller.',
      'Everybody works on all hosts at once, with the same key and known_hosts, without facts. ' +
        'Cold: nothing was there. Converged: a second run that changes nothing. Connections are ' +
        'made again for each run.',
      ...(found('mitogen') ? [mitogenNote] : []),
      ...missing,
      ...failed.map(
        ({ name }) => `A run of ${titles[name]} failed: it did not reach every host, or did not do every task.`,
      ),
    ],
  };
}

interface Measured {
  readonly measurements: readonly Measurement[];
  /** Peers of which a run failed: what they took before that counts, if anything does. */
  readonly failed: readonly Peer[];
}

async function measurePeers(
  bench: Bench,
  hosts: number,
  present: readonly Peer[],
  project: Project,
): Promise<Measured> {
  const running = await startBenchFarm(hosts);
  const found = new Map(present.map(({ name }) => [name, [] as Brought[]]));
  const failed = new Set<Peer>();
  try {
    for (let turn = 0; turn < bench.repeats; turn += 1) {
      const due = present.filter(({ slow }) => !slow || turn < slowTurns(bench, hosts));
      for (const peer of due.filter(each => !failed.has(each))) {
        const folder = join(bench.folder, `${peer.name}${hosts}`);
        mkdirSync(folder, { recursive: true });
        const site = { hostwright: bench.hostwright, access: running, project, root: join(folder, 'work'), folder };
        try {
          const { cold, converged } = await bring(peer, site, bench.signal);
          bench.say(`${hosts} hosts, ${titles[peer.name]}: cold ${digits(cold)} s, converged ${digits(converged)} s`);
          found.get(peer.name)!.push({ cold, converged });
        } catch (error) {
          // What others took an hour for is not thrown away because one of them fails.
          if (peer.name === 'hostwright' || bench.signal.aborted) throw error;
          failed.add(peer);
          bench.say(`${hosts} hosts, ${titles[peer.name]}: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
    }
    const whole = present.filter(peer => !failed.has(peer));
    assertEqual(whole.map(({ name }) => join(bench.folder, `${name}${hosts}`, 'work')));
  } finally {
    await running.stop();
  }
  const some = [...found].filter(([, runs]) => runs.length > 0);
  const measurements = some.flatMap(([who, runs]) =>
    (['cold', 'converged'] as const).map(what => ({ who, what, hosts, seconds: runs.map(run => run[what]) })),
  );
  return { measurements, failed: [...failed] };
}

function slowTurns({ slowRepeats }: Bench, hosts: number): number {
  return hosts > 20 ? 1 : slowRepeats;
}

/** Whoever was quick because he did less would win: all must have left the same. */
function assertEqual([first, ...others]: readonly string[]): void {
  const wrong = others.find(folder => treeOf(folder) !== treeOf(first!));
  if (wrong) throw new Error(`${first} and ${wrong} are not the same`);
}

function of(all: readonly Measurement[], hosts: number, what: string, who: string): readonly number[] | undefined {
  return all.find(each => each.hosts === hosts && each.what === what && each.who === who)?.seconds;
}

function tableOf(hosts: number, all: readonly Measurement[]): Table {
  const names = [...new Set(all.map(({ who }) => who))];
  const cells = (who: string, what: string) => {
    const ours = of(all, hosts, what, 'hostwright');
    const theirs = of(all, hosts, what, who)!;
    return [spread(theirs), ours ? `${digits(ratio(theirs, ours))}×` : ''];
  };
  return {
    title: `${hosts} hosts`,
    head: ['who', 'cold', 'to Hostwright', 'converged', 'to Hostwright'],
    rows: names.map(who => [titles[who]!, ...cells(who, 'cold'), ...cells(who, 'converged')]),
  };
}

function targetsOf(hosts: number, all: readonly Measurement[]): readonly Target[] {
  const ours = of(all, hosts, 'converged', 'hostwright');
  const times = (who: string): number | undefined => {
    const theirs = of(all, hosts, 'converged', who);
    return ours && theirs && ratio(theirs, ours);
  };
  const faster = (who: string, limit: number): readonly Target[] => {
    const value = times(who);
    if (value === undefined) return [];
    return [
      {
        what: `times faster than ${titles[who]}, ${hosts} hosts, converged`,
        unit: '',
        value,
        bound: 'at least',
        limit,
      },
    ];
  };
  const script = times('script');
  const what = `Hostwright to the script, ${hosts} hosts, converged`;
  return [
    ...(script === undefined ? [] : [{ what, unit: '', value: 1 / script, bound: 'at most', limit: 1 } as const]),
    ...faster('pipelining', 80),
    ...faster('mitogen', 25),
  ];
}
