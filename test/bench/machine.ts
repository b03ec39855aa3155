import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from './hostwright.ts';

/** What the figures were measured on, and with. */
export interface Machine {
  readonly processors: string;
  readonly memory: string;
  readonly kernel: string;
  readonly versions: Readonly<Record<string, string>>;
  /**
   * Of the last minute, before it began: on a machine that does other work figures are too high.
   */
  readonly load: number;
}

/** Looks at this machine. What is not installed has no version. */
export function readMachine(): Machine {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const commit = firstLine(['git', '-C', root, 'describe', '--always', '--dirty']);
  const all = {
    Hostwright: `${version}${commit ? ` (${commit})` : ''}`,
    Node: process.versions.node,
    OpenSSH: /OpenSSH_([\w.]+)/.exec(firstLine(['ssh', '-V']) ?? '')?.[1],
    Ansible: /core ([\d.]+)/.exec(firstLine(['ansible', '--version']) ?? '')?.[1],
    Mitogen: packageVersion('ansible-mitogen'),
  };
  return {
    processors: `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    kernel: firstLine(['uname', '-sr']) ?? '',
    versions: Object.fromEntries(Object.entries(all).filter((each): each is [string, string] => Boolean(each[1]))),
    load: Math.round(loadavg()[0]! * 10) / 10,
  };
}

/** The machine in a line. */
export function machineText({ kernel, load, memory, processors, versions }: Machine): string {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${processors}, ${memory}, ${kernel}; ${named.join(', ')}; load ${load} before it began`;
}

function firstLine([program, ...words]: readonly string[]): string | undefined {
  const { status, stderr, stdout } = spawnSync(program!, words, { encoding: 'utf8' });
  return status === 0 ? (stdout || stderr).split('\n')[0] : undefined;
}

function packageVersion(name: string): string | undefined {
  return firstLine(['dpkg-query', '-W', '-f', '${Version}\n', name]);
}
