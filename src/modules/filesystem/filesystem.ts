import type { ArgumentProblem } from '../../callable.ts';
import { deviceProblems } from '../../host/device/arguments.ts';
import { splitWords } from '../../words.ts';
import { defineModule } from '../module.ts';
import { decideFileSystem } from './decide.ts';
import { kindOf } from './kinds.ts';
import { type Args, args, examples, returns } from './schema.ts';
import { fileSystemState } from './state.ts';

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
  look: fileSystemState,
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
