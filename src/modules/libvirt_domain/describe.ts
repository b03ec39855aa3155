import type { HazardNotice } from '../../decision.ts';
import type { Diff } from '../../events/result.ts';
import type { DomainArgs } from '../../host/domain/args.ts';
import { shownXml } from '../../host/libvirt/define.ts';
import type { Document } from '../../host/libvirt/xml.ts';
import type { LiveStep } from './live.ts';

/** A definition before and after it is edited, and what the running domain is given. */
interface Edited {
  readonly before: Document;
  readonly after: Document;
  readonly steps: readonly LiveStep[];
}

/** What changes, of the definition and of the running domain. */
export function diffOf(name: string, { after, before, steps }: Edited): readonly Diff[] {
  const definition = { subject: `domain ${name}`, before: shownXml(before), after: shownXml(after) };
  const running = {
    subject: `domain ${name}, running`,
    before: '',
    after: steps.map(({ what }) => `${what}\n`).join(''),
  };
  return [...(definition.before === definition.after ? [] : [definition]), ...(steps.length > 0 ? [running] : [])];
}

/** What is in danger where these parts change. */
export function hazardsOf(args: DomainArgs, parts: readonly string[]): readonly HazardNotice[] {
  const unsafe = Object.entries(args.disks ?? {}).filter(
    ([target, disk]) => disk.cache === 'unsafe' && parts.includes(`disk ${target}`),
  );
  return unsafe.map(([target]) => ({
    hazard: 'data-loss',
    subject: `domain ${args.name} disk ${target}`,
    because: 'cache=unsafe ignores what the guest flushes: a crash of the host corrupts its file systems',
  }));
}
