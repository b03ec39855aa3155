import type { ArgumentProblem } from '../../callable.ts';
import { change, type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import type { Pending } from '../../events/result.ts';
import {
  candidatePut,
  copyOf,
  defineSections,
  definitionGuard,
  shownXml,
  undoDefine,
} from '../../host/libvirt/define.ts';
import { disksOf, domainOf } from '../../host/libvirt/domain-element.ts';
import {
  type DomainState,
  domainMissing,
  domainsSection,
  readDomains,
  unchangeable,
} from '../../host/libvirt/domain-state.ts';
import { globToRegExp } from '../../host/libvirt/glob.ts';
import { pendingRestart } from '../../host/libvirt/pending-restart.ts';
import { virsh } from '../../host/libvirt/virsh.ts';
import { type Element, remove } from '../../host/libvirt/xml.ts';
import { accept } from '../../shell/answer.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { addDrive, type Drive, drivesOf, isMadeFor, setMedia } from './drive.ts';
import { type Args, args, examples, returns } from './schema.ts';

interface State {
  readonly names: readonly string[];
  readonly domain: DomainState | undefined;
  /** The file is on the host. */
  readonly file: boolean;
}

/** The image in a domain's CD-ROM drive. */
export const libvirtCdrom = defineModule({
  name: 'libvirt_cdrom',
  summary: "An image in a domain's CD-ROM drive.",
  description: `Owns what is in one drive: the one that holds \`source\` or a file that \`match\`
names, else an empty one, else (\`state: attached\`) a new one on the bus that the machine type
has. Drives that hold something else are never touched unless \`target\` names them. \`ejected\`
leaves the drive, \`absent\` takes it out, also once it is empty, if it was added for this image
(which its alias in the definition tells). With \`live: true\` the medium of a running domain
changes at once where the drive is there; a new drive needs a restart.`,
  args,
  returns,
  examples,
  problems,
  owns: args => [
    {
      subject: `domain ${args.domain}`,
      attribute: `CD-ROM ${args.match ?? args.source ?? args.target}`,
      value: `${args.state} ${args.source ?? ''}`,
    },
  ],
  probe: args =>
    script({
      ...domainsSection([args.domain], args.uri),
      file: args.source === undefined ? sh`exit 3` : sh`[ -f ${args.source} ] || exit 3`,
    }),
  read: (answer, args): State => {
    const { names, found } = readDomains(answer, [args.domain]);
    const file = accept(answer, 'file', [0, 3], 'The look at the image').code === 0;
    return { names, domain: found[0], file };
  },
  decide,
});

function problems(args: Args): readonly ArgumentProblem[] {
  if (args.state === 'attached' && args.source === undefined)
    return [{ argument: 'source', message: 'attached needs the image' }];
  if (args.source === undefined && args.match === undefined && args.target === 'auto') {
    return [{ argument: 'source', message: 'say which drive is meant: source, match or target' }];
  }
  return [];
}

function decide(args: Args, state: State): Decision<State> {
  const { domain } = state;
  if (!domain) return domainMissing(args.domain, state.names);
  const edited = copyOf(domain.inactive);
  const found = findDrive(domainOf(edited), args);
  if ('kind' in found) return found;
  const target = insert(domainOf(edited), found.drive, args);
  if (target === undefined) {
    return refuse(`domain ${args.domain} has no room for another drive`, 'Name a drive that may be used: target.');
  }
  if (args.state === 'attached' && !state.file) {
    return refuse(`the file ${args.source} does not exist`, 'Fetch it first (get_url or copy).', {
      needs: [{ kind: 'path', name: args.source! }],
    });
  }
  const [before, after] = [shownXml(domain.inactive), shownXml(edited)];
  const stored = before !== after;
  const step = args.live && domain.live ? liveStep(domainOf(domain.live), target, args) : undefined;
  const pending = pendingOf(args, domain, domainOf(edited), target, step !== undefined);
  const result = { target };
  if (!stored && !step) return ok(reasonOk(args, target), { pending, result });
  const refusal = stored ? unchangeable(domain) : undefined;
  if (refusal) return refusal;
  const running = {
    subject: `domain ${args.domain}, running`,
    before: line(step?.has),
    after: line(step?.wanted),
  };
  return change([...(stored ? ['definition'] : []), ...(step ? ['running domain'] : [])].join(' and '), {
    diff: [...(stored ? [{ subject: `domain ${args.domain}`, before, after }] : []), ...(step ? [running] : [])],
    ...(stored ? { puts: [candidatePut(domain, edited)], undo: undoDefine(domain, args.uri) } : {}),
    guard: definitionGuard(domain, args.uri),
    apply: script({ ...(stored ? defineSections(domain, args.uri) : {}), ...(step ? { media: step.command } : {}) }),
    alters: [{ kind: 'domain', name: args.domain }],
    pending,
    result,
  });
}

function findDrive(domain: Element, args: Args): { drive: Drive | undefined } | Refuse {
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
  return { drive: holds ?? older ?? added ?? (args.state === 'attached' ? free[0] : undefined) };
}

/** What a drive that is added is for. */
function imagesOf({ match, source }: Args): string {
  return match ?? source ?? '';
}

/** Edits the domain; the target of the drive, '' for none, undefined where there is no room. */
function insert(domain: Element, drive: Drive | undefined, args: Args): string | undefined {
  if (args.state !== 'attached') {
    if (drive && args.state === 'absent') remove(drive.element);
    else if (drive && !drive.empty) setMedia(drive, undefined);
    return drive?.target ?? '';
  }
  if (!drive) {
    const target = args.target === 'auto' ? undefined : args.target;
    return addDrive(domain, { file: args.source!, images: imagesOf(args), target });
  }
  if (drive.file !== args.source) setMedia(drive, args.source);
  return drive.target;
}

function liveStep(
  running: Element,
  target: string,
  args: Args,
): { has: string; wanted: string; command: ShellText } | undefined {
  const drive = runningDrive(running, target, args);
  const wanted = args.state === 'attached' ? args.source! : '';
  if (!drive || drive.file === wanted || (wanted === '' && drive.empty)) return undefined;
  const what = wanted === '' ? sh`--eject` : sh`${wanted} --update`;
  const command = sh`${virsh(args.uri)} change-media ${args.domain} ${drive.target} ${what} --live`;
  return { has: drive.file, wanted, command };
}

function pendingOf(
  args: Args,
  domain: DomainState,
  wanted: Element,
  target: string,
  steps: boolean,
): readonly Pending[] {
  const live = domain.live && domainOf(domain.live);
  const all = pendingRestart(args.domain, wanted, live ?? (domain.saved && domainOf(domain.saved)));
  if (all.length > 0 || !live) return all;
  const drive = runningDrive(live, target, args);
  // An empty drive that stays until the next start concerns no one.
  const wantedFile = args.state === 'attached' ? args.source : '';
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

function line(text: string | undefined): string {
  return text ? `${text}\n` : '';
}

function reasonOk(args: Args, target: string): string {
  if (target === '') return 'no drive has it';
  return args.state === 'attached' ? `is in drive ${target} already` : `drive ${target} is empty already`;
}
