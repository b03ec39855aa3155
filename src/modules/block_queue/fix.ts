import type { ChangePart } from '../../decision.ts';
import { sameDisk } from '../../host/block/disks.ts';
import { attributes } from '../../host/block/settings.ts';
import { join, sh } from '../../shell/quote.ts';
import { inOrder, type Script, script } from '../../shell/script.ts';
import type { DiskPlan } from './plan.ts';

/** Sets the disks whose live settings differ. */
export function setQueues(differ: readonly DiskPlan[]): ChangePart {
  return {
    diff: differ.map(({ disk, settings, differ: live }) => ({
      subject: `${disk.name} (live)`,
      before: lines(Object.entries(live)),
      after: lines(Object.entries(settings).filter(([name]) => name in live)),
    })),
    guard: inOrder(...differ.map(sameQueue)),
    apply: inOrder(...differ.map(setQueue)),
  };
}

function sameQueue({ disk, path, differ }: DiskPlan): Script {
  const files = Object.entries(disk.queue).filter(([file]) => file in differ);
  return inOrder(
    sameDisk(disk),
    script({
      [`${disk.name}-queue`]: join([
        path !== undefined && sh`[ "$(readlink -f ${path})" = ${`/dev/${disk.name}`} ] || exit 75`,
        ...files.map(([file, text]) => sh`[ "$(cat ${queueFile(disk.name, file)})" = ${text} ] || exit 75`),
      ]),
    }),
  );
}

function setQueue({ disk, settings, differ }: DiskPlan): Script {
  const writes = attributes.flatMap(name => {
    const value = settings[name];
    // A new scheduler starts with its own number of requests.
    const due = name in differ || (name === 'nr_requests' && 'scheduler' in differ);
    return due && value !== undefined ? [sh`hw_kernel ${queueFile(disk.name, name)} ${value}`] : [];
  });
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
