import type { Partition, Table } from './table.ts';

/** The flags of parted that say what a partition is for. */
export const flagNames = ['bios_grub', 'boot', 'esp', 'legacy_boot', 'lvm', 'raid', 'swap'] as const;

export type Flag = (typeof flagNames)[number];

/** What a partition without any of these flags is: data of Linux. */
const plain = { gpt: '0FC63DAF-8483-4772-8E79-3D69D8477DE4', dos: '83' } as const;

/**
 * Flags that are the type of a partition. On GPT boot is another word for esp; on msdos it is a
 * mark of its own.
 */
const types: Readonly<Record<Table['label'], Partial<Record<Flag, string>>>> = {
  gpt: {
    bios_grub: '21686148-6449-6E6F-744E-656564454649',
    boot: 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B',
    esp: 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B',
    lvm: 'E6D6D379-F507-44C2-A23C-238F2A3DF928',
    raid: 'A19D880F-05FC-4D3B-A006-743F0F84911E',
    swap: '0657FD6D-A4AB-43C4-84E5-0933C84B4F4F',
  },
  dos: { esp: 'ef', lvm: '8e', raid: 'fd', swap: '82' },
};

const attribute = 'LegacyBIOSBootable';

/** What a table stores for flags. */
export interface Stored {
  readonly type: string;
  /** msdos only. */
  readonly bootable: boolean;
  /** GPT only; all of them, with those that no flag stands for. */
  readonly attributes: readonly string[];
}

/**
 * What the table is to store for these flags, or why it cannot; attributes that no flag stands for
 * are kept.
 */
export function storedFor(label: Table['label'], flags: readonly Flag[], there?: Partition): Stored | string {
  const mark = label === 'gpt' ? 'legacy_boot' : 'boot';
  const foreign = flags.find(flag => flag !== mark && types[label][flag] === undefined);
  if (foreign !== undefined) return `${label === 'dos' ? 'an msdos' : 'a gpt'} label has no flag ${foreign}`;
  const wanted = [...new Set(flags.flatMap(flag => types[label][flag] ?? []))];
  if (wanted.length > 1) return `${flags.join(' and ')} exclude each other`;
  const others = (there?.attributes ?? []).filter(name => name !== attribute);
  return {
    type: wanted[0] ?? plain[label],
    bootable: label === 'dos' && flags.includes('boot'),
    attributes: label === 'gpt' && flags.includes('legacy_boot') ? [...others, attribute] : others,
  };
}

/** The flags that a partition has. */
export function flagsOf(label: Table['label'], partition: Partition): Flag[] {
  const byType = flagNames.filter(flag => types[label][flag] === partition.type);
  const marked: Flag[] = partition.bootable
    ? ['boot']
    : partition.attributes.includes(attribute)
      ? ['legacy_boot']
      : [];
  return [...byType, ...marked].toSorted();
}
