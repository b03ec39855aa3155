import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startBenchFarm } from './bench-farm.ts';
import { type Brought, bring } from './bring.ts';
import { startBeside } from './child-process.ts';
import type { Access } from './inventory.ts';
import type { Bench, Findings, Measurement, Part } from './part.ts';
import { peers, titles } from './peers.ts';
import { writeProject } from './project.ts';
import type { ProxyOptions } from './proxy.ts';
import { mustRun } from './run-program.ts';
import { digits, ratio, spread } from './statistics.ts';
import type { Target } from './targets.ts';

const oneWay = 50;
const tasks = 50;
const login = 'ssh host true';

/** A host that is far away. */
export const distance: Part = {
  name: 'distance',
  title: `${tasks} small tasks on one host that answers after ${2 * oneWay} ms`,
  measure: measureDistance,
};

async function measureDistance(bench: Bench): Promise<Findings> {
  const access = await farHost(bench);
  const project = writeProject(join(bench.folder, 'project'), tasks);
  const logins: number[] = [];
  const runs = new Map<string, Brought[]>();
  const missing: string[] = [];
  const asked = (name: string) => bench.peers?.includes(name) ?? true;
  for (const peer of peers.filter(({ name }) => name !== 'ansible')) {
    const why = asked(peer.name) ? peer.obstacle() : 'it was not asked for';
    if (why) missing.push(`${titles[peer.name]} was not measured: ${why}.`);
    else runs.set(peer.name, []);
  }
  for (let at = 0; at < bench.repeats; at += 1) {
    logins.push(await timeLogin(bench, access));
    bench.say(`${login}: ${digits(logins.at(-1)!)} s`);
    for (const peer of peers.filter(({ name, slow }) => runs.has(name) && !(slow && (at > 0 || bench.quick)))) {
      const folder = join(bench.folder, peer.name);
      mkdirSync(folder, { recursive: true });
      const brought = await bring(
        peer,
        { hostwright: bench.hostwright, access, project, folder, root: join(folder, 'work') },
        bench.signal,
      );
      bench.say(`${titles[peer.name]}: cold ${digits(brought.cold)} s, converged ${digits(brought.converged)} s`);
      runs.get(peer.name)!.push(brought);
    }
  }
  const measured = [...runs].filter(([, found]) => found.length > 0);
  const seconds = (found: readonly Brought[], what: 'cold' | 'converged') => found.map(run => run[what]);
  const ours = seconds(runs.get('hostwright') ?? [], 'converged');
  const row = (found: readonly Brought[], what: 'cold' | 'converged') => {
    const values = seconds(found, what);
    return [spread(values), `${digits(ratio(values, logins))}×`];
  };
  return {
    measurements: [
      { who: 'ssh', what: login, seconds: logins },
      ...measured.flatMap(([who, found]) =>
        (['cold', 'converged'] as const).map((what): Measurement => ({ who, what, seconds: seconds(found, what) })),
      ),
    ],
    tables: [
      {
        title: `A round trip of ${2 * oneWay} ms`,
        head: ['who', 'cold', `to ${login}`, 'converged', `to ${login}`],
        rows: [
          [login, '', '', spread(logins), '1.00×'],
          ...measured.map(([who, found]) => [titles[who]!, ...row(found, 'cold'), ...row(found, 'converged')]),
        ],
      },
    ],
    targets: ours.length === 0 ? [] : [targetOf(ratio(ours, logins))],
    notes: [
      'The way is a TCP proxy, a process of its own, that holds back what it carries in each direction, and the opening of a connection for as long as its three packets would take.',
      ...missing,
    ],
  };
}

function targetOf(value: number): Target {
  return { what: `Hostwright to ${login}, converged`, unit: '', value, bound: 'at most', limit: 1.25 };
}

/** A host of a farm, behind the proxy. */
async function farHost(bench: Bench): Promise<Access> {
  const farm = await startBenchFarm(1);
  bench.atEnd(() => farm.stop());
  const [near] = farm.hosts;
  const options: ProxyOptions = { delay: oneWay, rate: 0, to: [near!] };
  const [port] = await startBeside<number[]>(bench, 'proxy.ts', options);
  const knownHosts = join(bench.folder, 'known_hosts');
  writeFileSync(knownHosts, `[127.0.0.1]:${port} ${near!.knownHost}\n`);
  const { key, user } = farm;
  return { hosts: [{ ...near!, address: '127.0.0.1', port: port! }], key, knownHosts, user };
}

async function timeLogin({ folder, signal }: Bench, { hosts, key, knownHosts, user }: Access): Promise<number> {
  const { address, port } = hosts[0]!;
  const flags = ['BatchMode=yes', 'IdentitiesOnly=yes', `UserKnownHostsFile=${knownHosts}`].flatMap(flag => [
    '-o',
    flag,
  ]);
  const command = ['ssh', '-F', 'none', ...flags, '-i', key, '-p', String(port), `${user}@${address}`, 'true'];
  return (await mustRun({ command, cwd: folder, folder, signal })).seconds;
}
