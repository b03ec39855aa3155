/**
 * Bytes of the units that a position may have. Letters with an i count in powers of 1024, others in
 * powers of 1000.
 */
const units = {
  B: 1,
  KB: 1e3,
  KiB: 2 ** 10,
  MB: 1e6,
  MiB: 2 ** 20,
  GB: 1e9,
  GiB: 2 ** 30,
  TB: 1e12,
  TiB: 2 ** 40,
} as const;

/** A unit of positions. */
export type Unit = keyof typeof units | 's';

/** Every unit, sectors first. */
export const unitNames: readonly Unit[] = ['s', ...(Object.keys(units) as (keyof typeof units)[])];

/** JSON Schema of a position on a device. */
export const positionSchema = {
  anyOf: [
    { type: 'string', pattern: '^-?[0-9]+([.][0-9]+)?\\s*(s|B|[KMGT]i?B|%)?$' },
    { type: 'integer', minimum: 0 },
  ],
} as const;

/** The room of a disk, in sectors. */
export interface Room {
  /** Sectors of the whole disk. */
  readonly sectors: number;
  /** Bytes of a sector. */
  readonly sector: number;
  /** The first sector that a partition may have, and the last. */
  readonly first: number;
  readonly last: number;
}

/** Where a partition is to begin and end, in a unit where they name none. */
export interface Positions {
  readonly from: string | number;
  readonly to: string | number;
  readonly unit: Unit;
}

/** The sectors of a partition: its first, and the one after its last. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * The range from one position to another, moved inwards to multiples of `grain` sectors and to what
 * a table leaves free at both ends. What lies beyond the disk stays there. A position with a minus
 * sign counts from the end; an end in sectors is itself part of the range, as with parted.
 */
export function rangeOf({ from, to, unit }: Positions, room: Room, grain: number): Range {
  const start = positionOf(from, unit, room);
  const end = positionOf(to, unit, room) + (unitOf(to, unit) === 's' ? 1 : 0);
  return {
    start: Math.ceil((start < 0 ? start : Math.max(start, room.first)) / grain) * grain,
    end: Math.floor((end > room.sectors ? end : Math.min(end, room.last + 1)) / grain) * grain,
  };
}

/** A number of sectors in a unit, with two decimals at most. */
export function inUnit(sectors: number, unit: Unit, sector: number): number {
  return unit === 's' ? sectors : Math.round(((sectors * sector) / units[unit]) * 100) / 100;
}

function positionOf(position: string | number, unit: Unit, { sectors, sector }: Room): number {
  const number = Number(/^-?[0-9.]+/.exec(String(position))?.[0]);
  const used = unitOf(position, unit);
  const bytes =
    used === 's' ? number * sector : used === '%' ? (number / 100) * sectors * sector : number * units[used];
  const at = Math.round(bytes / sector);
  return String(position).startsWith('-') ? sectors + at : at;
}

function unitOf(position: string | number, unit: Unit): Unit | '%' {
  return (/(s|B|[KMGT]i?B|%)$/.exec(String(position))?.[1] as Unit | '%' | undefined) ?? unit;
}
