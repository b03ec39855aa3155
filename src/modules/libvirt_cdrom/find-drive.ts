import { type Refuse, refuse } from '../../decision.ts';
import { disksOf } from '../../host/libvirt/domain-element.ts';
import { globToRegExp } from '../../host/libvirt/glob.ts';
import { type Element, remove } from '../../host/libvirt/xml.ts';
import { addDrive, type Drive, drivesOf, isMadeFor, setMedia } from './drive.ts';
import type { Args } from './schema.ts';
import { attachedBy, imagesOf } from './wanted.ts';

/** The drive that is meant; undefined where it has to be added, or there is none. */
export function findDrive(domain: Element, args: Args): { drive: Drive | undefined } | Refuse {
  const drives = drivesOf(domain);
  if (args.target !== 'auto') {
    const drive = drives.find(one => one.target === args.target);
    if (drive || !disksOf(domain).has(args.target)) return { drive };
    return refuse(
      `domain ${args.domain} has a disk ${args.target}, not a CD-ROM drive`,
      'Choose another target, or auto.',
    );
  }
  const pattern = args.match === undefined ? undefined : globToRegExp(args.match);
  const holds = drives.find(drive => drive.file !== '' && drive.file === args.source);
  const older = drives.find(drive => pattern?.test(drive.file));
  const free = drives.filter(drive => drive.empty);
  const added = free.find(drive => isMadeFor(drive, imagesOf(args)));
  return { drive: holds ?? older ?? added ?? (attachedBy(args) === undefined ? undefined : free[0]) };
}

/** Edits the domain; the target of the drive, '' for none, undefined where there is no room. */
export function insert(domain: Element, drive: Drive | undefined, args: Args): string | undefined {
  const image = attachedBy(args);
  if (image === undefined) {
    if (drive && args.state === 'absent') remove(drive.element);
    else if (drive && !drive.empty) setMedia(drive, undefined);
    return drive?.target ?? '';
  }
  if (!drive) {
    const target = args.target === 'auto' ? undefined : args.target;
    return addDrive(domain, { file: image, images: imagesOf(args), target });
  }
  if (drive.file !== image) setMedia(drive, image);
  return drive.target;
}
