import type { Diff } from '../../events/result.ts';
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
