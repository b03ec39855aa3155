import type { ArgumentProblem } from '../../callable.ts';
import { deviceProblems } from '../../host/device/arguments.ts';
import { parseMountinfo } from '../../host/file/mounts.ts';
import { deviceSections, readDevice, usageSections } from '../../host/lvm/device.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { splitWords } from '../../words.ts';
import { defineModule } from '../module.ts';
import { decideFileSystem, type FileSystemState } from './decide.ts';
import { type Fstype, kindOf, parseFileSystemSize } from './kinds.ts';
import { type Args, args, examples, returns } from './schema.ts';

/** A file system on a device that is proven empty. */
export const filesystem = defineModule({
  name: 'filesystem',
  summary: 'A file system on a proven empty device.',
  description: `Makes the file system if the device is proven empty: no signature, the first and
last MiB all zero, not mounted, no swap, no holder, no partitions. A device that has a file system
of this type is left as it is; anything else on it is refused, unless \`allow_wipe\` (together with
\`--allow data-loss\`) names the device and exactly the signature types on it. Its first and last
MiB are kept in /var/lib/hostwright/backup/wiped.

\`resizefs\` grows ext2, ext3, ext4 and xfs to the size of the device: mounted where they are
mounted, ext also unmounted, after \`e2fsck -f -p\`. Less than 16 MiB at the end are left. Nothing
is ever made smaller, and options of a file system that is there are not compared.`,
  args,
  returns,
  examples,
  problems,
  owns: ({ dev, fstype }) => [{ subject: `device ${dev}`, attribute: 'file system', value: fstype }],
  probe(args) {
    const size = args.resizefs ? kindOf(args.fstype).size?.(args.dev) : undefined;
    return script({
      ...usageSections,
      ...deviceSections(args.dev, 0),
      program: sh`command -v ${kindOf(args.fstype).program} || :`,
      ...(size && { size }),
    });
  },
  read(answer, args): FileSystemState {
    const device = readDevice(answer, args.dev, 0);
    const able = accept(answer, 'program', [0], 'sh').stdout.trim() !== '';
    if (!device || device.signatures.join() !== args.fstype) {
      return { device, able, uuid: undefined, label: undefined, size: undefined, mountedOn: [] };
    }
    const mounts = parseMountinfo(accept(answer, 'mounts', [0], 'cat').stdout).filter(
      ({ device: number, source }) => number === device.number || source === device.real || source === device.path,
    );
    return {
      device,
      able,
      ...namesOf(device.seen.signatures),
      size: args.resizefs ? sizeOf(accept(answer, 'size', [0], sizeTool(args.fstype)).stdout, args.dev) : undefined,
      mountedOn: mounts.toSorted((a, b) => a.root.length - b.root.length).map(mount => mount.path),
    };
  },
  decide: decideFileSystem,
});

function problems(args: Args & { readonly force: boolean }): ArgumentProblem[] {
  const { fstype, uuid, allow_wipe, dev } = args;
  const problems = deviceProblems('dev', dev, args);
  if (args.force && allow_wipe === undefined) {
    problems.push({ argument: 'force', message: 'does not say what may be lost: say allow_wipe: {DEVICE: [TYPES]}' });
  }
  if (args.resizefs && !kindOf(fstype).size) {
    problems.push({ argument: 'resizefs', message: `is for ext2, ext3, ext4 and xfs, not for ${fstype}` });
  }
  if (uuid !== undefined && (uuid.length === 9) !== (fstype === 'vfat')) {
    problems.push({ argument: 'uuid', message: `is not a UUID of ${fstype}` });
  }
  return [...problems, ...optionProblems(args.opts ?? '')];
}

function optionProblems(opts: string): ArgumentProblem[] {
  const words = splitWords(opts);
  if (!words) return [{ argument: 'opts', message: 'a quote is not closed, or a backslash ends the line' }];
  const device = words.find(word => word.includes('/dev/'));
  if (device !== undefined) {
    return [{ argument: 'opts', message: `${device} names a device, and only dev is proven to be empty` }];
  }
  const forced = words.find(word => /^(-[fF]+|--force)$/.test(word));
  if (forced === undefined) return [];
  return [{ argument: 'opts', message: `${forced} is not needed: the device is proven to be empty` }];
}

/**
 * UUID and label of the one signature. wipefs has been read once already, so this is valid JSON.
 */
function namesOf(text: string): { uuid: string | undefined; label: string | undefined } {
  const { signatures } = JSON.parse(text) as { signatures: { uuid?: string | null; label?: string | null }[] };
  const find = (key: 'uuid' | 'label') => signatures.find(found => found[key])?.[key] ?? undefined;
  return { uuid: find('uuid'), label: find('label') };
}

function sizeTool(fstype: Fstype): string {
  return fstype === 'xfs' ? 'xfs_info' : 'dumpe2fs';
}

/** @throws CannotTell */
function sizeOf(text: string, path: string): number {
  const size = parseFileSystemSize(text);
  if (size === undefined) throw new CannotTell(`the size of the file system on ${path} could not be read`);
  return size;
}
