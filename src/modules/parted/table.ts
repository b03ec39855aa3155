import { CannotTell } from '../../shell/answer.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import type { Output } from '../../shell/script.ts';

/** A partition as the table has it; in sectors of the disk. */
export interface Partition {
  readonly number: number;
  readonly start: number;
  /** The sector after its last. */
  readonly end: number;
  /** A GUID in upper case, or two hexadecimal digits in lower case. */
  readonly type: string;
  readonly name: string;
  readonly attributes: readonly string[];
  readonly bootable: boolean;
}

/** The partition table of a disk. */
export interface Table {
  readonly label: 'gpt' | 'dos';
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly partitions: readonly Partition[];
  /** What sfdisk has to say against the table. */
  readonly defect: string;
  /** sfdisk's own text, for the guard. */
  readonly text: string;
}

/** Prints the table as JSON. */
export function tableCommand(device: string): ShellText {
  return sh`sfdisk --json ${device}`;
}

/**
 * Reads what {@link tableCommand} printed: the table of a disk; undefined where there is none.
 * @throws CannotTell
 */
export function readTable(found: Output): Table | undefined {
  if (found.code === 1) {
    if (/does not contain a recognized partition table/.test(found.stderr)) return undefined;
    throw new CannotTell(`sfdisk could not read the partition table: ${found.stderr.trim() || 'it printed nothing'}`);
  }
  const table = parse(found.stdout);
  if (table?.label !== 'gpt' && table?.label !== 'dos') {
    throw new CannotTell(
      `the disk has a partition table that is neither gpt nor msdos: ${table?.label ?? 'unreadable'}`,
    );
  }
  return {
    label: table.label,
    first: table.firstlba,
    last: table.lastlba,
    partitions: (table.partitions ?? [])
      .map(row => partitionOf(row, table.device))
      .toSorted((a, b) => a.number - b.number),
    defect: found.stderr.trim(),
    text: found.stdout,
  };
}

interface Row {
  readonly node: string;
  readonly start: number;
  readonly size: number;
  readonly type: string;
  readonly name?: string;
  readonly attrs?: string;
  readonly bootable?: boolean;
}

interface Json {
  readonly label: string;
  readonly device: string;
  readonly firstlba?: number;
  readonly lastlba?: number;
  readonly partitions?: readonly Row[];
}

function parse(text: string): Json | undefined {
  try {
    return (JSON.parse(text) as { partitiontable?: Json }).partitiontable;
  } catch {
    throw new CannotTell(`sfdisk printed something that is not a partition table: ${text.slice(0, 200)}`);
  }
}

function partitionOf(row: Row, device: string): Partition {
  const number = Number(/^(?:p|-part)?(\d+)$/.exec(row.node.slice(device.length))?.[1]);
  if (!(number > 0 && row.start >= 0 && row.size > 0)) {
    throw new CannotTell(`sfdisk printed a partition that cannot be read: ${JSON.stringify(row)}`);
  }
  return {
    number,
    start: row.start,
    end: row.start + row.size,
    type: row.type,
    name: row.name ?? '',
    attributes: (row.attrs ?? '').split(/[ ,]+/).filter(name => name !== ''),
    bootable: row.bootable ?? false,
  };
}
