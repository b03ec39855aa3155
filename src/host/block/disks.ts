import { CannotTell } from '../../shell/answer.ts';
import { type Look, map, printed } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { type Script, script } from '../../shell/script.ts';
import type { Attribute, Kind } from './settings.ts';

/** A disk as sysfs shows it. */
export interface Disk {
  /** `sda`. */
  readonly name: string;
  /** Its directory below /sys/devices: another disk may get the name, not the place. */
  readonly place: string;
  /** Undefined where the kernel does not say whether it rotates. */
  readonly kind: Kind | undefined;
  /** Files of `queue/` as they are; absent where the kernel has none for this disk. */
  readonly queue: Readonly<Partial<Record<Attribute, string>>>;
  /** Requests that the hardware takes at a time. */
  readonly tags: number | undefined;
  /** Why it is left alone, as a phrase; undefined for a plain physical disk. */
  readonly foreign: string | undefined;
}

/** Names of the disks that are looked at, for `case` and for udev. */
export const diskNames = 'nvme*n*|sd*|vd*|xvd*';

/** All disks. It starts no process. @throws CannotTell */
export const disks: Look<readonly Disk[]> = map(
  printed(
    'The look at the disks',
    // `disk NAME PLACE`, then a line for each of its files.
    sh`[ -d /sys/block ] || { echo 'there is no /sys/block' >&2; exit 1; }
for at in /sys/block/*; do
  case "\${at##*/}" in nvme*n*|sd*|vd*|xvd*) ;; *) continue ;; esac
  cd -P "$at" || exit 1
  echo "disk \${at##*/} $PWD"
  for file in queue/scheduler queue/add_random queue/nr_requests queue/rq_affinity queue/read_ahead_kb \
queue/rotational queue/zoned removable hidden mq/0/nr_tags holders/*/dm/uuid; do
    [ -e "$file" ] || continue
    IFS= read -r value <"$file" || exit 1
    echo "$file $value"
  done
done`,
  ),
  text => {
    const [first, ...blocks] = text.split(/^disk /m);
    if (first !== '') throw new CannotTell(`the look at the disks printed ${JSON.stringify(first?.slice(0, 200))}`);
    return blocks.map(readDisk);
  },
);

/** Leaves with 75 if the name stands for another disk by now. */
export function sameDisk({ name, place }: Disk): Script {
  return script({ [name]: sh`[ "$(readlink -f ${`/sys/block/${name}`})" = ${place} ] || exit 75` });
}

function readDisk(block: string): Disk {
  const [head = '', ...lines] = block.split('\n');
  const at = head.indexOf(' ');
  const [name, place] = [head.slice(0, at), head.slice(at + 1)];
  const files = new Map(lines.map(line => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]));
  const queue = Object.fromEntries(
    [...files].filter(([file]) => file.startsWith('queue/')).map(([file, value]) => [file.slice(6), value]),
  );
  const tags = files.get('mq/0/nr_tags');
  return {
    name,
    place,
    kind: kindOf(name, queue.rotational),
    queue,
    tags: tags === undefined ? undefined : Number(tags),
    foreign: foreign(place, files),
  };
}

function kindOf(name: string, rotational: string | undefined): Kind | undefined {
  if (name.startsWith('nvme')) return 'nvme';
  return rotational === '0' ? 'solid_state' : rotational === '1' ? 'rotating' : undefined;
}

/** The same in words that `ruleText` says to udev. */
function foreign(place: string, files: ReadonlyMap<string, string>): string | undefined {
  const holders = [...files].filter(([file]) => file.startsWith('holders/')).map(([, uuid]) => uuid);
  if (files.get('hidden') === '1' || holders.some(uuid => uuid.startsWith('mpath-')))
    return 'is a path of a multipath disk';
  if (place.startsWith('/sys/devices/virtual/')) return 'is not a physical disk';
  if (files.get('removable') === '1') return 'is removable';
  if (files.get('queue/zoned')?.startsWith('host-')) return 'is zoned';
  // A list of choices has brackets: without them it has no queue of requests (multipath heads,
  // drivers that take bios).
  if (files.get('queue/scheduler')?.trim() === 'none') return 'has no scheduler to choose';
  return undefined;
}
