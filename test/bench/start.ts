import { join } from 'node:path';
import { fromSources } from './hostwright.ts';
import { writeInventory } from './inventory.ts';
import type { Bench, Findings, Measurement, Part } from './part.ts';
import { writeProject } from './project.ts';
import { mustRun } from './run-program.ts';
import { digits, median, spread } from './statistics.ts';
import { writeTaskTree } from './task-tree.ts';
import type { Cost } from './watch.ts';
import { watched } from './watched.ts';

/** What Hostwright does before it connects to anything. */
export const start: Part = {
  name: 'start',
  title: 'Everything before the first connection: the start, the check of a tree of tasks, the plan of a fleet',
  measure: measureStart,
};

async function measureStart(bench: Bench): Promise<Findings> {
  const { folder, quick } = bench;
  const tasks = 1000;
  const hosts = quick ? 500 : 5000;
  const tree = writeTaskTree(join(folder, 'tree'), tasks);
  const { playbook } = writeProject(join(folder, 'project'), 20);
  const inventory = writeInventory(join(folder, 'inventory.yml'), {
    ...{ key: '/nowhere/key', knownHosts: '/nowhere/known_hosts', user: 'root' },
    hosts: Array.from({ length: hosts }, (_, index) => ({
      ...{ name: `host${index}`, address: `192.0.2.${index % 256}`, port: 22, knownHost: '' },
    })),
  });
  const count = (number: number) => number.toLocaleString('en');
  const commands: Readonly<Record<string, readonly string[]>> = {
    '--version': ['--version'],
    [`lint of ${count(tasks)} tasks`]: ['lint', tree],
    // lint with an inventory plans for each host, and ends where a run would connect.
    [`plan of 20 tasks on ${count(hosts)} hosts`]: ['lint', playbook, '-i', inventory, '-e', 'root=/nowhere'],
  };
  const measured: (Measurement & { readonly process: Cost })[] = [];
  for (const [what, words] of Object.entries(commands)) {
    for (const [who, program] of [
      ['sources', fromSources],
      ['built', bench.hostwright],
    ] as const) {
      // Not where the inventory of the fleet is: that would be taken for the one of the tree.
      const run = { command: [...program, ...words], cwd: tree, folder, signal: bench.signal };
      const { cost } = await watched(run); // fills the caches, too
      const seconds: number[] = [];
      for (let at = 0; at < bench.repeats; at += 1) seconds.push((await mustRun(run)).seconds);
      bench.say(`${what}, ${who}: ${digits(median(seconds))} s`);
      measured.push({ who, what, seconds, process: cost });
    }
  }
  const limits = [0.15, 1];
  return {
    measurements: measured,
    tables: [
      {
        title: 'Before the first connection',
        head: ['what', 'from the sources', 'built', 'peak MiB, built'],
        rows: Object.keys(commands).map(what => {
          const [sources, fromDist] = measured.filter(each => each.what === what);
          return [what, spread(sources!.seconds), spread(fromDist!.seconds), digits(fromDist!.process.peak)];
        }),
      },
    ],
    targets: Object.keys(commands).flatMap((what, index) =>
      limits[index] === undefined
        ? []
        : measured
            .filter(each => each.what === what)
            .map(({ seconds, who }) => ({
              ...{ what: `${what}, ${who}`, unit: 's', value: median(seconds) },
              ...{ bound: 'at most' as const, limit: limits[index]! },
            })),
    ),
    notes: [
      'From the sources is how a clone runs; built is what an installed package has, and what all other parts run. Both with the cache of compiled code that the first start fills.',
      'The plan is that of lint with an inventory: every value of every task for every host, as a run has it before it connects.',
    ],
  };
}
