import { chmodSync, chownSync, cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeInventory } from './inventory.ts';
import type { Bench, Findings, Measurement, Part } from './part.ts';
import { type Project, writeProject } from './project.ts';
import { readRecap } from './recap.ts';
import { mustRun } from './run-program.ts';
import { type Servers, startServers } from './servers.ts';
import { digits, median, spread } from './statistics.ts';
import type { Target } from './targets.ts';
import type { Cost } from './watch.ts';
import { watched } from './watched.ts';

const tasks = 5;

/** More hosts than fit on a machine as sshd processes. */
export const fleet: Part = {
  name: 'fleet',
  title: `A play of ${tasks} tasks that changes nothing, on more and more hosts`,
  measure: measureFleet,
};

interface Size {
  readonly hosts: number;
  readonly forks: number;
}

type Measured = Measurement & Size & { readonly process: Cost };

async function measureFleet(bench: Bench): Promise<Findings> {
  const sizes = sizesOf(bench);
  const largest = Math.max(...sizes.map(({ hosts }) => hosts));
  chmodSync(bench.folder, 0o711); // the hosts' users go through it
  const project = writeProject(join(bench.folder, 'project'), tasks);
  const root = join(bench.folder, 'work');
  const servers = await startServers(bench, largest);
  bench.say(`${largest} hosts listen`);
  await layOut(bench, project, root, servers);
  const measured: Measured[] = [];
  const failures: (Size & { readonly why: string })[] = [];
  for (const size of sizes) {
    try {
      measured.push(await measureSize(bench, size, { project, root, servers }));
    } catch (error) {
      bench.signal.throwIfAborted();
      const why = reasonOf(error);
      bench.say(`${sizeName(size)}: ${why}`);
      failures.push({ ...size, why });
    }
  }
  return {
    measurements: measured,
    tables: [
      {
        title: 'Cost as the fleet grows',
        head: [
          'hosts',
          'at once',
          'time',
          'ms a host',
          'CPU ms a host',
          'peak MiB',
          'KiB a host',
          'loop late p50',
          'p99',
          'most',
        ],
        rows: [
          ...measured.map(each => rowOf(each, measured[0]!)),
          ...failures.map(({ forks, hosts }) => [count(hosts), count(Math.min(forks, hosts)), 'failed']),
        ],
      },
    ],
    targets: targetsOf(measured, failures),
    notes: [
      'Hosts are addresses of two processes with the SSH server of ssh2, which start a real sh for each session; what they cost is not in the CPU and memory of the controller, and is in the time.',
      'KiB a host: peak memory above that with the fewest hosts. Loop late: how many milliseconds the event loop of the controller came too late (monitorEventLoopDelay).',
      ...failures.map(failure => `${sizeName(failure)}: the run failed: ${failure.why}`),
      'Each host has a line of its own in known_hosts. 1,000 and more are measured once.',
    ],
  };
}

function sizesOf({ hosts, quick }: Bench): readonly Size[] {
  const numbers = hosts ?? (quick ? [10, 100] : [10, 100, 1000, 5000]);
  // As many at once as a run has without --forks; and once with a whole fleet at the same time.
  const usual = numbers.map(number => ({ hosts: number, forks: 50 }));
  return numbers.includes(1000) ? [...usual, { hosts: 1000, forks: 1000 }] : usual;
}

/**
 * Brings each host to the condition: the script does so for the first, and the others are its
 * copies.
 */
async function layOut(bench: Bench, project: Project, root: string, { access, userOf }: Servers): Promise<void> {
  const [first, ...others] = access.hosts;
  mkdirSync(root);
  await mustRun({
    ...{
      command: ['sh', project.script, root, first!.name],
      cwd: bench.folder,
      folder: bench.folder,
      signal: bench.signal,
    },
  });
  for (const { name } of others) {
    cpSync(join(root, first!.name), join(root, name), { recursive: true });
    writeFileSync(join(root, name, 'host.conf'), `host = ${name}\nplace = host\n`);
  }
  access.hosts.forEach(({ name }, index) => {
    const own = join(root, name);
    for (const path of ['.', ...readdirSync(own, { recursive: true, encoding: 'utf8' })])
      chownSync(join(own, path), userOf(index), userOf(index));
  });
}

async function measureSize(
  bench: Bench,
  { forks, hosts }: Size,
  { project, root, servers }: { readonly project: Project; readonly root: string; readonly servers: Servers },
): Promise<Measured> {
  const folder = join(bench.folder, `${hosts}-${forks}`);
  mkdirSync(folder);
  const chosen = servers.access.hosts.slice(0, hosts);
  const knownHosts = join(folder, 'known_hosts');
  writeFileSync(knownHosts, chosen.map(host => `[${host.address}]:${host.port} ${host.knownHost}\n`).join(''));
  const access = { ...servers.access, hosts: chosen, knownHosts };
  const inventory = writeInventory(join(folder, 'inventory.yml'), access);
  const command = [
    ...[...bench.hostwright, 'play', project.playbook, '-i', inventory, '-e', `root=${root}`],
    ...['--forks', String(forks), '--timeout', '60'],
  ];
  const runs: { seconds: number; cost: Cost }[] = [];
  for (let at = 0; at < (hosts >= 1000 ? 1 : bench.repeats); at += 1) {
    const run = await watched({ command, cwd: project.folder, folder, signal: bench.signal });
    const recap = readRecap(run.output);
    if (recap.ok !== hosts * tasks || recap.changed > 0 || recap.failed > 0)
      throw new Error(`${hosts} hosts: ${JSON.stringify(recap)}\n${run.output.slice(0, 2000)}`);
    bench.say(`${sizeName({ forks, hosts })}: ${digits(run.seconds)} s, ${digits(run.cost.peak)} MiB`);
    runs.push(run);
  }
  const middle = median(runs.map(({ seconds }) => seconds));
  const typical = runs.toSorted((a, b) => Math.abs(a.seconds - middle) - Math.abs(b.seconds - middle))[0]!;
  // Memory is a matter of the worst.
  const process = { ...typical.cost, peak: Math.max(...runs.map(({ cost }) => cost.peak)) };
  return { who: 'hostwright', what: 'converged', hosts, forks, seconds: runs.map(({ seconds }) => seconds), process };
}

function rowOf({ forks, hosts, process, seconds }: Measured, smallest: Measured): readonly string[] {
  const perHost = (1000 * median(seconds)) / hosts;
  const more = hosts - smallest.hosts;
  return [
    ...[count(hosts), count(Math.min(forks, hosts)), spread(seconds), digits(perHost)],
    ...[digits((1000 * process.cpu) / hosts), digits(process.peak)],
    more === 0 ? '' : digits(((process.peak - smallest.process.peak) * 1024) / more),
    ...[`${digits(process.p50)} ms`, `${digits(process.p99)} ms`, `${digits(process.max)} ms`],
  ];
}

function targetsOf(measured: readonly Measured[], failures: readonly Size[]): readonly Target[] {
  const memory = (size: Size, value: number): Target => {
    const limit = size.hosts > 1000 ? 1536 : 512;
    return { what: `peak memory, ${sizeName(size)}`, unit: 'MiB', value, bound: 'at most', limit };
  };
  const large = measured.filter(({ hosts }) => hosts >= 1000).map(each => memory(each, each.process.peak));
  const failed = failures.map(size => memory(size, Number.POSITIVE_INFINITY));
  const each = (hosts: number) => {
    const found = measured.find(size => size.hosts === hosts && size.forks === 50);
    return found && median(found.seconds) / hosts;
  };
  const growth = [100, 1000, 5000].map(each).filter(seconds => seconds !== undefined);
  if (growth.length < 2) return [...large, ...failed];
  const most = measured.filter(({ forks }) => forks === 50).at(-1)!.hosts;
  const what = `linear growth: time a host, ${count(most)} hosts to 100`;
  return [...large, ...failed, { what, unit: '', value: growth.at(-1)! / growth[0]!, bound: 'at most', limit: 1.1 }];
}

function count(hosts: number): string {
  return hosts.toLocaleString('en');
}

function sizeName({ forks, hosts }: Size): string {
  return `${count(hosts)} hosts, ${count(forks)} at once`;
}

/** Of all that a program said in the end, what it died of. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^FATAL ERROR: .*$/m.exec(message)?.[0] ?? message.split('\n').slice(0, 2).join(' ').slice(0, 300);
}
