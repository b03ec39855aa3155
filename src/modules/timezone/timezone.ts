import { change, inSequence, ok, type Refuse, refuse } from '../../decision.ts';
import { type Entry, entryIn, sameEntry, statEntry } from '../../host/file/entry.ts';
import { edited } from '../../host/lines/decide.ts';
import { textFile } from '../../host/lines/text.ts';
import { all, ask, map, printed } from '../../shell/look.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { args, examples, returns } from './schema.ts';
import { refuseZone, zone, zones } from './zone.ts';

const link = '/etc/localtime';

export const timezone = defineModule({
  name: 'timezone',
  summary: 'Owns the time zone of the host.',
  description:
    'The link /etc/localtime, and /etc/timezone where that exists. A zone is compared by ' +
    'its name: UTC and Etc/UTC are two. Services that run keep the old zone until they are ' +
    'restarted.',
  args,
  freeForm: 'name',
  returns,
  examples,
  owns: ({ name }) => [{ subject: 'host', attribute: 'time zone', value: name }],
  look: ({ name }) =>
    all({
      zone: zone(name),
      localtime: map(ask('stat', statEntry(link), [0, 1]), entryIn),
      live: liveZone,
      file: textFile('/etc/timezone', { follow: true }),
    }),
  decide({ name }, { zone, localtime, live, file }) {
    if (zone.kind !== 'there') return refuseZone(name, zone);
    if (localtime && localtime.kind !== 'link' && localtime.kind !== 'file') return refuseLocaltime(localtime);
    const stored = file.goal.entry && file.text.trim() !== name ? edited(file, `${name}\n`) : undefined;
    if (stored?.kind === 'refuse') return stored;
    const result = { name };
    const written = stored?.kind === 'change' ? stored : undefined;
    if (!written && live === name) return ok('is the zone already', { result });
    const moved = live !== name && {
      diff: [{ subject: link, before: describe(localtime, live), after: `a link to ${zones}/${name}\n` }],
      guard: script({ localtime: sameEntry(link, localtime) }),
      apply: script({ localtime: relink(name) }),
      [localtime ? 'alters' : 'creates']: [{ kind: 'path', name: link }],
    };
    const was = moved && (live === undefined ? `${link} links to no zone` : `is ${live}`);
    const reason = [was, written && 'stored name differs'].filter(Boolean).join(', ');
    return change(reason, { ...inSequence(moved || undefined, written), result });
  },
});

/** The zone that /etc/localtime links to; undefined where it is not a link into the zones. */
const liveZone = map(
  printed('readlink', sh`if [ -L ${link} ]; then readlink ${link}; fi`),
  target => /^(?:\.\.)?\/usr\/share\/zoneinfo\/(.+)$/.exec(target.trim())?.[1],
);

function refuseLocaltime({ kind }: Entry): Refuse {
  return refuse(
    `${link} is a ${kind}, not a link or a file`,
    'Find out who made it (a mount of a container?), and remove it.',
  );
}

function describe(localtime: Entry | undefined, live: string | undefined): string {
  if (!localtime) return '';
  return live === undefined ? `a ${localtime.kind}\n` : `a link to ${zones}/${live}\n`;
}

function relink(name: string): ShellText {
  const part = '/etc/.localtime.hostwright-part';
  return sh`rm -f -- ${part} && ln -s ${`${zones}/${name}`} ${part} && mv -f ${part} ${link}`;
}
