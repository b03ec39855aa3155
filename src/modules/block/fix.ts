import type { Change } from '../../decision.ts';
import { join, raw, sh } from '../../shell/quote.ts';
import { inOrder, type Script, script } from '../../shell/script.ts';
import { ownGuard } from '../file/place.ts';
import { sameDisk } from './disks.ts';
import type { DiskPlan } from './plan.ts';
import { attributes } from './settings.ts';

/** Sets the disks whose live settings differ, and stores the rules where they do. */
export function fixQueues<State>(
  stored: Change | undefined,
  differ: readonly DiskPlan[],
): Omit<Change<State>, 'reason'> {
  return {
    kind: 'change',
    diff: [
      ...(stored?.diff ?? []),
      ...differ.map(({ disk, settings, differ: live }) => ({
        subject: `${disk.name} (live)`,
        before: lines(Object.entries(live)),
        after: lines(Object.entries(settings).filter(([name]) => name in live)),
      })),
    ],
    ...(stored && ownGuard(stored)),
    ...(stored?.rehearse && { rehearse: stored.rehearse }),
    guard: inOrder(...differ.map(sameQueue)),
    // First the kernel: a value that it refuses is not stored.
    apply: inOrder(
      ...differ.map(setQueue),
      stored?.apply,
      stored && script({ reload: raw('udevadm control --reload') }),
    ),
    ...(stored?.creates && { creates: stored.creates }),
    ...(stored?.alters && { alters: stored.alters }),
  };
}

function sameQueue({ disk, path, differ }: DiskPlan): Script {
  const files = Object.keys(differ) as (keyof typeof differ)[];
  return inOrder(
    sameDisk(disk),
    script({
      [`${disk.name}-queue`]: join([
        path !== undefined && sh`[ "$(readlink -f ${path})" = ${`/dev/${disk.name}`} ] || exit 75`,
        ...files.map(file => sh`[ "$(cat ${queueFile(disk.name, file)})" = ${disk.queue[file]!} ] || exit 75`),
      ]),
    }),
  );
}

function setQueue({ disk, settings, differ }: DiskPlan): Script {
  const due = attributes.filter(
    // A new scheduler starts with its own number of requests.
    name => name in differ || (name === 'nr_requests' && name in settings && 'scheduler' in differ),
  );
  const writes = due.map(name => sh`hw_kernel ${queueFile(disk.name, name)} ${settings[name]!}`);
  return script({ [disk.name]: join(writes, ' &&\n') });
}

function queueFile(disk: string, name: string): string {
  return `/sys/block/${disk}/queue/${name}`;
}

function lines(values: readonly (readonly [string, string])[]): string {
  return attributes
    .flatMap(name => values.filter(([own]) => own === name))
    .map(([name, value]) => `${name} ${value}\n`)
    .join('');
}
