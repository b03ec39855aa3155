import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { labObstacle } from '../test/lab/obstacle.ts';
import { sandboxObstacle } from '../test/sandbox/sandbox.ts';
import { packagesOf } from './packages.ts';

export type Suite = {
  name: string;
  files: () => string[];
  /** Why it cannot run here once its packages are installed, or undefined. */
  obstacle: () => string | undefined;
  /** Node's arguments for work that may go on beside the suites before it: what it makes, the suite would wait for. */
  prepare?: string[];
  /** How many of its files may run beside each other. */
  jobs?: number;
};

const special = {
  modules: 'test/modules',
  sandbox: 'test/sandbox',
  conformance: 'test/conformance',
  sshd: 'test/e2e',
  lvm: 'test/lvm',
  embed: 'test/libvirt',
  lab: 'test/lab',
};

/** The suites, from the quickest to the slowest. Each is a set of folders and has its own needs of the machine. */
export const suites: Suite[] = [
  { name: 'unit', files: unitFiles, obstacle: () => undefined },
  { name: 'modules', files: () => filesIn([special.modules]), obstacle: () => undefined, jobs: 2 },
  { name: 'sandbox', files: () => filesIn([special.sandbox]), obstacle: sandboxObstacle, jobs: 2 },
  { name: 'sshd', files: () => filesIn([special.sshd, 'test/sshd']), obstacle: () => program('/usr/sbin/sshd') },
  {
    name: 'conformance',
    files: () => filesIn([special.conformance]),
    obstacle: () => program('/usr/bin/ansible'),
    jobs: process.getuid?.() === 0 ? 2 : 1, // only root makes hosts whose locks are their own
  },
  { name: 'lvm', files: () => filesIn([special.lvm]), obstacle: lvmObstacle },
  { name: 'embed', files: () => filesIn([special.embed]), obstacle: () => program('/usr/bin/virsh'), jobs: 2 },
  {
    name: 'lab',
    files: () => longestFirst(filesIn([special.lab])),
    obstacle: () => labObstacle('13'),
    prepare: ['test/lab/cli.ts', 'build'],
    jobs: labsAtOnce(),
  },
];

/** The packages of these suites. */
export function packagesFor(chosen: Suite[]): string[] {
  return chosen.flatMap(({ name }) => packagesOf[name] ?? []);
}

/** Most labs have one emulated processor, which is one thread of the machine. The largest has 8 GiB. */
function labsAtOnce(): number {
  return availableParallelism() > 1 && totalmem() > 16 * 1024 ** 3 ? 2 : 1;
}

/** Files of the lab that take the longest: begun last, one of them would run on alone. */
const long = [
  'full',
  'cpu-isolation',
  'nfs-storage',
  'hugepages',
  'image-distribution',
  'vcpupin',
  'site',
  'playbooks',
  'lab',
].map(name => `${special.lab}/${name}.test.ts`);

function longestFirst(files: string[]): string[] {
  return [...long.filter(file => files.includes(file)), ...files.filter(file => !long.includes(file))];
}

function filesIn(folders: string[]): string[] {
  return folders.flatMap(folder => globSync(`${folder}/**/*.test.ts`)).sort();
}

function unitFiles(): string[] {
  const elsewhere = new Set(filesIn([...Object.values(special), 'test/sshd']));
  return filesIn(['test']).filter(file => !elsewhere.has(file));
}

function program(path: string): string | undefined {
  return existsSync(path) ? undefined : `${path} is not there`;
}

function lvmObstacle(): string | undefined {
  if (process.getuid?.() !== 0) return 'it makes loop devices, which takes root';
  if (spawnSync('vgs', ['--version']).status !== 0) return 'lvm2 is not installed';
  try {
    execFileSync('losetup', ['--find'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'there are no loop devices here';
  }
}
