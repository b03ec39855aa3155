import { diskNames } from '../../host/block/disks.ts';
import { given, type Kind, kinds, type Settings } from '../../host/block/settings.ts';
import type { Args } from './schema.ts';

/**
 * What is stored: settings by kind, and by stable path for single disks, which take nothing from
 * their kind.
 */
export interface Wishes {
  readonly kinds: Readonly<Partial<Record<Kind, Settings>>>;
  readonly disks: Readonly<Record<string, Settings>>;
}

/** The settings that the arguments give. */
export function wishesOf({ nvme, solid_state, rotating, disks }: Args): Wishes {
  return {
    kinds: { ...(nvme && { nvme }), ...(solid_state && { solid_state }), ...(rotating && { rotating }) },
    disks: disks ?? {},
  };
}

const matches: Readonly<Record<Kind, string>> = {
  nvme: 'KERNEL=="nvme*"',
  solid_state: 'KERNEL!="nvme*", ATTR{queue/rotational}=="0"',
  rotating: 'KERNEL!="nvme*", ATTR{queue/rotational}=="1"',
};

/** The udev rules that give every disk its settings when it appears (udev(7)). */
export function ruleText(wishes: Wishes): string {
  const end = 'GOTO="hostwright_block_end"';
  const rules = [
    ...Object.entries(wishes.disks).map(([path, settings]) => ({
      match: `SYMLINK=="${path.replace(/^\/dev\//, '')}"`,
      settings,
      last: [end],
    })),
    ...kinds.map(kind => ({ match: matches[kind], settings: wishes.kinds[kind], last: [] })),
  ];
  const lines = rules.flatMap(({ match, settings, last }) => {
    const sets = given(settings).map(([name, value]) => `ATTR{queue/${name}}="${value}"`);
    return sets.length === 0 && last.length === 0 ? [] : [[match, ...sets, ...last].join(', ')];
  });
  return `${[
    '# Written by Hostwright (block_queue), as a whole.',
    `ACTION!="add|change", ${end}`,
    `SUBSYSTEM!="block", ${end}`,
    `ENV{DEVTYPE}!="disk", ${end}`,
    `KERNEL!="${diskNames}", ${end}`,
    '# Multipath, virtual, removable and zoned disks, and those without a scheduler to choose, are left alone.',
    `ATTR{hidden}=="1", ${end}`,
    `ENV{DM_MULTIPATH_DEVICE_PATH}=="1", ${end}`,
    `DEVPATH=="/devices/virtual/*", ${end}`,
    `ATTR{removable}=="1", ${end}`,
    `ATTR{queue/zoned}=="host-*", ${end}`,
    `ATTR{queue/scheduler}=="none", ${end}`,
    ...lines,
    'LABEL="hostwright_block_end"',
  ].join('\n')}\n`;
}

/**
 * A line of a file that udev reads after ours and that sets one of our attributes to another value:
 * it would win. Whether it matches one of our disks only udev knows.
 * @param found lines of `grep -H`
 */
export function overriding(found: string, file: string, wishes: Wishes): { file: string; line: string } | undefined {
  const base = (path: string) => path.replace(/^.*\//, '');
  const own = [...Object.values(wishes.kinds), ...Object.values(wishes.disks)].flatMap(given);
  for (const row of found.split('\n')) {
    const [, other, line] = /^([^:]+):\s*([^#\s].*)$/.exec(row) ?? [];
    if (other === undefined || line === undefined || base(other) <= base(file)) continue;
    const sets = [...line.matchAll(/ATTR\{queue\/(\w+)\}\s*:?=\s*"([^"]*)"/g)];
    const differs = sets.some(([, name, value]) => {
      const values = own.filter(([attribute]) => attribute === name).map(([, wanted]) => wanted);
      return values.length > 0 && values.some(wanted => wanted !== value);
    });
    if (differs) return { file: other, line };
  }
  return undefined;
}
