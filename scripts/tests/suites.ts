import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { labObstacle } from '../../test/lab/obstacle.ts';
import { sandboxObstacle } from '../../test/sandbox/sandbox.ts';
import { packagesOf } from '../packages.ts';

export type Suite = {
  readonly name: string;
  readonly files: () => string[];
  /** Why it cannot run here once its packages are installed, or undefined. */
  readonly obstacle: () => string | undefined;
  /** It starts Hostwright, so that a built one saves time. */
  readonly startsProgram?: boolean;
  /** How many of its processes may run at the same time. */
  readonly atOnce: number;
  /** Each file in a process of its own: it takes minutes. */
  readonly fileByFile?: boolean;
  /** Plain `npm test` leaves it out: CI runs it in a step of its own. */
  readonly apart?: boolean;
  /** The machines of the lab that its files start from. */
  readonly shapes?: readonly string[];
};

const special = {
  modules: 'test/modules',
  sandbox: 'test/sandbox',
  conformance: 'test/conformance',
  sshd: 'test/e2e',
  lvm: 'test/lvm',
  embed: 'test/libvirt',
  install: 'test/install',
  lab: 'test/lab',
};

/**
 * The one file of the lab that everybody runs: a stock hypervisor goes through playbooks/site.yml
 * and a reboot.
 */
const site = `${special.lab}/site.test.ts`;

/** As many as there may be: only root can keep the locks of processes apart (see own-run.sh). */
const several = process.getuid?.() === 0 ? Number.POSITIVE_INFINITY : 1;

const lab = { obstacle: () => labObstacle('13'), atOnce: labsAtOnce(), fileByFile: true };

/** All suites. Each is a set of files and has its own needs of the machine. */
export const suites: readonly Suite[] = [
  { name: 'unit', files: unitFiles, obstacle: () => undefined, atOnce: several, startsProgram: true },
  { name: 'modules', files: () => filesIn([special.modules]), obstacle: () => undefined, atOnce: several },
  { name: 'sandbox', files: () => filesIn([special.sandbox]), obstacle: sandboxObstacle, atOnce: several },
  {
    name: 'sshd',
    files: () => filesIn([special.sshd, 'test/sshd']),
    obstacle: () => program('/usr/sbin/sshd'),
    atOnce: 1, // its farms have the same addresses
  },
  {
    name: 'conformance',
    files: () => filesIn([special.conformance]),
    obstacle: () => program('/usr/bin/ansible'),
    atOnce: several,
  },
  { name: 'lvm', files: () => filesIn([special.lvm]), obstacle: lvmObstacle, atOnce: 1 },
  {
    name: 'embed',
    files: () => filesIn([special.embed]),
    obstacle: () => program('/usr/bin/virsh'),
    atOnce: several,
  },
  { name: 'install', files: () => filesIn([special.install]), obstacle: registryObstacle, atOnce: 1, apart: true },
  { ...lab, name: 'site', files: () => [site], shapes: ['numa'] },
  {
    ...lab,
    name: 'lab',
    apart: true,
    files: () => filesIn([special.lab]).filter(file => file !== site),
    shapes: ['small', 'nodes', 'numa'],
  },
];

/** The packages of these suites. */
export function packagesFor(chosen: readonly Suite[]): string[] {
  return chosen.flatMap(({ name }) => packagesOf[name] ?? []);
}

/**
 * Most labs have one emulated processor, which is one thread of the machine. The largest has 8 GiB.
 */
function labsAtOnce(): number {
  return availableParallelism() > 1 && totalmem() > 16 * 1024 ** 3 ? 2 : 1;
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

function registryObstacle(): string | undefined {
  const { status } = spawnSync('npm', ['ping', '--fetch-timeout=10000', '--fetch-retries=1'], { stdio: 'ignore' });
  return status === 0 ? undefined : 'the npm registry cannot be reached';
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
