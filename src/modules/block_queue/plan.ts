import type { Disk } from '../../host/block/disks.ts';
import { type Attribute, given, type Settings } from '../../host/block/settings.ts';
import type { Queues } from './queues.ts';
import type { Wishes } from './rule.ts';

/** What one disk is to have. */
export interface DiskPlan {
  readonly disk: Disk;
  /** The stable path by which it was named, if it was. */
  readonly path: string | undefined;
  readonly settings: Readonly<Partial<Record<Attribute, string>>>;
  /** Attributes whose live value differs, with that value. */
  readonly differ: Readonly<Partial<Record<Attribute, string>>>;
}

/** Why the disks cannot have these settings. */
export interface Problem {
  readonly message: string;
  readonly advice: string;
  /** A path that is not there. */
  readonly path?: string;
  /** A kernel module may bring what is missing. */
  readonly module?: boolean;
}

/** Plans for all disks that have settings, and sentences about what is left alone. */
export function planDisks(
  wishes: Wishes,
  queues: Queues,
): { readonly plans: readonly DiskPlan[]; readonly leftAlone: readonly string[] } | Problem {
  const named = namedDisks(Object.keys(wishes.disks), queues);
  if ('message' in named) return named;
  const plans: DiskPlan[] = [];
  const leftAlone: string[] = [];
  for (const disk of queues.disks) {
    const path = named.get(disk.name);
    const wish = path === undefined ? disk.kind && wishes.kinds[disk.kind] : wishes.disks[path];
    if (!wish || given(wish).length === 0) continue;
    if (disk.foreign !== undefined) {
      leftAlone.push(`${disk.name} ${disk.foreign}`);
      continue;
    }
    const plan = planDisk(disk, path, wish);
    const problem = kernelProblem(plan, queues);
    if (problem) return problem;
    plans.push(plan);
    const missing = given(wish).filter(([name]) => disk.queue[name] === undefined);
    leftAlone.push(...missing.map(([name]) => `${disk.name} has no ${name}`));
  }
  return { plans, leftAlone };
}

/** The live value: of a list of choices the one in brackets. */
function liveValue(text: string): string {
  return /\[([^\]]+)\]/.exec(text)?.[1] ?? text.trim();
}

/** The path by which each disk was named, by the name of the disk. */
function namedDisks(paths: readonly string[], { disks, links }: Queues): ReadonlyMap<string, string> | Problem {
  const named = new Map<string, string>();
  for (const path of paths) {
    const name = links.get(path);
    if (name === undefined)
      return { message: `there is no ${path}`, advice: 'ls -l /dev/disk/by-id shows the disks of the host.', path };
    const disk = disks.find(one => one.name === name);
    if (!disk) return { message: `${path} is ${name}, which is not a whole disk`, advice: 'Name a physical disk.' };
    if (disk.foreign !== undefined)
      return { message: `${path}: ${name} ${disk.foreign}`, advice: 'Take it out of disks: its queue is left alone.' };
    const other = named.get(name);
    if (other !== undefined) return { message: `${other} and ${path} are one disk, ${name}`, advice: 'Name it once.' };
    named.set(name, path);
  }
  return named;
}

function planDisk(disk: Disk, path: string | undefined, wish: Settings): DiskPlan {
  const known = given(wish).flatMap(([name, value]) => {
    const text = disk.queue[name];
    return text === undefined ? [] : [{ name, value, live: liveValue(text) }];
  });
  const differ = known.filter(({ live, value }) => live !== value);
  return {
    disk,
    path,
    settings: Object.fromEntries(known.map(({ name, value }) => [name, value])),
    differ: Object.fromEntries(differ.map(({ name, live }) => [name, live])),
  };
}

function kernelProblem({ disk, settings }: DiskPlan, { loadable }: Queues): Problem | undefined {
  const choices = (disk.queue.scheduler ?? '').split(/[\s[\]]+/).filter(word => word !== '');
  const { scheduler, nr_requests: requests } = settings;
  if (scheduler !== undefined && !choices.includes(scheduler) && !loadable.includes(scheduler)) {
    return {
      message: `${disk.name} has no scheduler ${scheduler}: the kernel offers ${choices.join(', ')}`,
      advice: 'Choose one of those, or bring the kernel module that has it.',
      module: true,
    };
  }
  const without = (scheduler ?? liveValue(disk.queue.scheduler ?? '')) === 'none';
  if (requests === undefined || !without || disk.tags === undefined || Number(requests) <= disk.tags) return undefined;
  return {
    message: `${disk.name} takes up to ${disk.tags} requests while it has no scheduler, not ${requests}`,
    advice: 'Ask for fewer (nr_requests), or for a scheduler.',
  };
}
