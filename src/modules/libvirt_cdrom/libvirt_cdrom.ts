import type { ArgumentProblem } from '../../callable.ts';
import { change, ok, refuse } from '../../decision.ts';
import { copyOf, defineSections, redefining, sameDefinition, shownXml } from '../../host/libvirt/define.ts';
import { domainOf } from '../../host/libvirt/domain-element.ts';
import { domainState, unchangeable } from '../../host/libvirt/domain-state.ts';
import { all, ask, map } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { findDrive, insert } from './find-drive.ts';
import { liveStep, pendingOf } from './running-drive.ts';
import { type Args, args, examples, returns } from './schema.ts';
import { attachedBy } from './wanted.ts';

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
  look: ({ domain, source, uri }) => all({ domain: domainState(domain, uri), file: isFile(source) }),
  decide(args, { domain, file }) {
    if ('kind' in domain) return domain;
    const image = attachedBy(args);
    const edited = copyOf(domain.inactive);
    const wanted = domainOf(edited);
    const found = findDrive(wanted, args);
    if ('kind' in found) return found;
    const target = insert(wanted, found.drive, args);
    if (target === undefined) {
      return refuse(`domain ${args.domain} has no room for another drive`, 'Name a drive that may be used: target.');
    }
    if (image !== undefined && !file) {
      return refuse(`the file ${image} does not exist`, 'Fetch it first (get_url or copy).', {
        needs: [{ kind: 'path', name: image }],
      });
    }
    const [before, after] = [shownXml(domain.inactive), shownXml(edited)];
    const stored = before !== after;
    const step = args.live && domain.live ? liveStep(domainOf(domain.live), target, args) : undefined;
    const pending = pendingOf(args, domain, { wanted, target, steps: step !== undefined });
    const result = { target };
    if (!stored && !step)
      return ok(reasonOk(args, target), { pending, result: { ...result, definition: domain.hash } });
    const refusal = stored && unchangeable(domain);
    if (refusal) return refusal;
    const subject = `domain ${args.domain}`;
    return change([...(stored ? ['definition'] : []), ...(step ? ['running domain'] : [])].join(' and '), {
      diff: [
        ...(stored ? [{ subject, before, after }] : []),
        ...(step ? [{ subject: `${subject}, running`, before: line(step.has), after: line(step.wanted) }] : []),
      ],
      ...(stored && redefining(domain, edited, args.uri)),
      guard: script({ guard: sameDefinition(domain, args.uri) }),
      apply: script({ ...(stored && defineSections(domain, args.uri)), ...(step && { media: step.command }) }),
      alters: [{ kind: 'domain', name: args.domain }],
      pending,
      result,
    });
  },
});

/** Whether the image is on the host. */
function isFile(source: string | undefined) {
  const text = source === undefined ? sh`exit 3` : sh`[ -f ${source} ] || exit 3`;
  return map(ask('The look at the image', text, [0, 3]), ({ code }) => code === 0);
}

function problems(args: Args): readonly ArgumentProblem[] {
  if (args.state === 'attached' && args.source === undefined)
    return [{ argument: 'source', message: 'attached needs the image' }];
  if (args.source === undefined && args.match === undefined && args.target === 'auto') {
    return [{ argument: 'source', message: 'say which drive is meant: source, match or target' }];
  }
  return [];
}

function line(text: string): string {
  return text ? `${text}\n` : '';
}

function reasonOk(args: Args, target: string): string {
  if (target === '') return 'no drive has it';
  return args.state === 'attached' ? `is in drive ${target} already` : `drive ${target} is empty already`;
}
