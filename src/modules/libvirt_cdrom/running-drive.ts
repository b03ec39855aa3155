import type { Pending } from '../../events/result.ts';
import { domainOf } from '../../host/libvirt/domain-element.ts';
import type { DomainState } from '../../host/libvirt/domain-state.ts';
import { globToRegExp } from '../../host/libvirt/glob.ts';
import { pendingRestart } from '../../host/libvirt/pending-restart.ts';
import { virsh } from '../../host/libvirt/virsh.ts';
import type { Element } from '../../host/libvirt/xml.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import { type Drive, drivesOf } from './drive.ts';
import type { Args } from './schema.ts';
import { attachedBy } from './wanted.ts';

interface LiveStep {
  /** The files in the drive now and then; '' for none. */
  readonly has: string;
  readonly wanted: string;
  readonly command: ShellText;
}

/** What changes the medium of the running domain; undefined where it has it, or not the drive. */
export function liveStep(running: Element, target: string, args: Args): LiveStep | undefined {
  const drive = runningDrive(running, target, args);
  const wanted = attachedBy(args) ?? '';
  if (!drive || drive.file === wanted || (wanted === '' && drive.empty)) return undefined;
  const what = wanted === '' ? sh`--eject` : sh`${wanted} --update`;
  const command = sh`${virsh(args.uri)} change-media ${args.domain} ${drive.target} ${what} --live`;
  return { has: drive.file, wanted, command };
}

interface Edited {
  /** The definition as it is to be. */
  readonly wanted: Element;
  readonly target: string;
  /** The running domain gets the medium at once. */
  readonly steps: boolean;
}

/** What takes effect only when the domain is started again. */
export function pendingOf(args: Args, domain: DomainState, { steps, target, wanted }: Edited): readonly Pending[] {
  const live = domain.live && domainOf(domain.live);
  const all = pendingRestart(args.domain, wanted, live ?? (domain.saved && domainOf(domain.saved)));
  if (all.length > 0 || !live) return all;
  const drive = runningDrive(live, target, args);
  // An empty drive that stays until the next start concerns no one.
  const wantedFile = attachedBy(args) ?? '';
  const differs = drive && !steps && drive.file !== wantedFile && !(wantedFile === '' && drive.empty);
  return differs ? [{ kind: 'guest-restart', subject: args.domain, reason: `CD-ROM drive ${drive.target}` }] : [];
}

/**
 * The drive of the running domain: the same target; once the definition has none, the one that
 * holds the image.
 */
function runningDrive(running: Element, target: string, args: Args): Drive | undefined {
  const drives = drivesOf(running);
  if (target !== '') return drives.find(drive => drive.target === target);
  const pattern = args.match === undefined ? undefined : globToRegExp(args.match);
  return drives.find(drive => drive.file !== '' && (drive.file === args.source || pattern?.test(drive.file)));
}
