import { crc32 } from 'node:zlib';

const sector = 512;

/**
 * The first 34 sectors of a disk with a valid GPT, without partitions or with one over all of it.
 */
export function gptStart(size: number, partitions: 0 | 1): Buffer {
  const last = size / sector - 1;
  const entries = Buffer.alloc(128 * 128);
  if (partitions === 1) {
    entries.write('af3dc60f838472478e793d69d8477de4', 0, 'hex'); // Linux file system data
    entries.write('000102030405060708090a0b0c0d0e0f', 16, 'hex');
    entries.writeBigUInt64LE(2048n, 32);
    entries.writeBigUInt64LE(BigInt(last - 34), 40);
  }
  const start = Buffer.alloc(34 * sector);
  start.set([0, 0, 2, 0, 0xee, 0xff, 0xff, 0xff, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff], 446); // the protective MBR
  start.set([0x55, 0xaa], 510);
  headerOf(last, entries).copy(start, sector);
  entries.copy(start, 2 * sector);
  return start;
}

function headerOf(last: number, entries: Buffer): Buffer {
  const header = Buffer.alloc(92);
  header.write('EFI PART', 0, 'latin1');
  header.writeUInt32LE(0x10000, 8);
  header.writeUInt32LE(header.length, 12);
  header.writeBigUInt64LE(1n, 24);
  header.writeBigUInt64LE(BigInt(last), 32);
  header.writeBigUInt64LE(34n, 40);
  header.writeBigUInt64LE(BigInt(last - 33), 48);
  header.write('f0e0d0c0b0a090807060504030201000', 56, 'hex');
  header.writeBigUInt64LE(2n, 72);
  header.writeUInt32LE(128, 80);
  header.writeUInt32LE(128, 84);
  header.writeUInt32LE(crc32(entries), 88);
  header.writeUInt32LE(crc32(header), 16);
  return header;
}
