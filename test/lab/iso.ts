const sector = 2048;

/**
 * A minimal ISO 9660 image with one file in its root directory: enough to be mounted, attached and
 * hashed. The same arguments give the same bytes.
 */
export function makeIso(label: string, name: string, content: string): Buffer {
  const file = Buffer.from(content);
  // 0-15 system area, 16 primary descriptor, 17 terminator, 18-19 path tables, 20 root directory,
  // 21… the file
  const [pathLittle, pathBig, root, data] = [18, 19, 20, 21];
  const sectors = data + Math.ceil(file.length / sector);
  const image = Buffer.alloc(sectors * sector);

  const descriptor = image.subarray(16 * sector, 17 * sector);
  descriptor.write('\x01CD001\x01', 0, 'latin1');
  descriptor.fill(' ', 8, 72).write(label.toUpperCase(), 40, 32, 'latin1');
  both32(descriptor, 80, sectors);
  both16(descriptor, 120, 1);
  both16(descriptor, 124, 1);
  both16(descriptor, 128, sector);
  both32(descriptor, 132, 10);
  descriptor.writeUInt32LE(pathLittle, 140);
  descriptor.writeUInt32BE(pathBig, 148);
  record('\0', root, sector, true).copy(descriptor, 156);
  descriptor.fill(' ', 190, 813);
  for (const offset of [813, 830, 847, 864]) descriptor.fill('0', offset, offset + 16);
  descriptor[881] = 1;
  image.write('\xffCD001\x01', 17 * sector, 'latin1');

  const path = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  path.writeUInt32LE(root, 2);
  path.writeUInt16LE(1, 6);
  path.copy(image, pathLittle * sector);
  path.writeUInt32BE(root, 2);
  path.writeUInt16BE(1, 6);
  path.copy(image, pathBig * sector);

  const entries = [
    record('\0', root, sector, true),
    record('\x01', root, sector, true),
    record(`${name.toUpperCase()};1`, data, file.length, false),
  ];
  Buffer.concat(entries).copy(image, root * sector);
  file.copy(image, data * sector);
  return image;
}

/** A directory record. Its length is even: the identifier is padded. */
function record(identifier: string, start: number, size: number, isDirectory: boolean): Buffer {
  const length = 33 + identifier.length + ((identifier.length + 1) % 2);
  const bytes = Buffer.alloc(length);
  bytes[0] = length;
  both32(bytes, 2, start);
  both32(bytes, 10, size);
  bytes.set([126, 1, 1, 0, 0, 0, 0], 18); // the date: the first day of 2026
  bytes[25] = isDirectory ? 2 : 0;
  both16(bytes, 28, 1);
  bytes[32] = identifier.length;
  bytes.write(identifier, 33, 'latin1');
  return bytes;
}

function both16(bytes: Buffer, offset: number, value: number): void {
  bytes.writeUInt16LE(value, offset);
  bytes.writeUInt16BE(value, offset + 2);
}

function both32(bytes: Buffer, offset: number, value: number): void {
  bytes.writeUInt32LE(value, offset);
  bytes.writeUInt32BE(value, offset + 4);
}
