import { change, type Decision, inSequence, ok, type Refuse, refuse } from '../../decision.ts';
import { contentOfText } from '../../host/file/content.ts';
import { type Entry, readEntry, sameEntry, statEntry } from '../../host/file/entry.ts';
import { probeGoal } from '../../host/file/goal.ts';
import { decideReplace } from '../../host/file/replace.ts';
import { largestText, readText, type TextGoal } from '../../host/lines/text.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { join, type ShellText, sh } from '../../shell/quote.ts';
import { type Answer, script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { args, examples, returns } from './schema.ts';

interface State extends TextGoal {
  /** Whether the host has the zone, and if not what it has of the same name. */
  readonly zone: { readonly kind: 'there' | 'unknown' | 'no-zones'; readonly similar: readonly string[] };
  readonly localtime: Entry | undefined;
  /** The zone that /etc/localtime links to; undefined where it is not a link into the zones. */
  readonly live: string | undefined;
}

const zones = '/usr/share/zoneinfo';
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
  probe: ({ name }) =>
    script({
      zone: lookUp(name),
      localtime: statEntry(link),
      live: sh`if [ -L ${link} ]; then readlink ${link}; fi`,
      ...probeGoal('/etc/timezone', { follow: true, most: largestText }),
    }),
  read(answer): State {
    const target = accept(answer, 'live', [0], 'readlink').stdout.trim();
    return {
      ...readText(answer),
      zone: readZone(answer),
      localtime: readEntry(answer, 'localtime'),
      live: /^(?:\.\.)?\/usr\/share\/zoneinfo\/(.+)$/.exec(target)?.[1],
    };
  },
  decide({ name }, state) {
    const { goal, text, zone, localtime, live } = state;
    if (zone.kind !== 'there') return refuseZone(name, state.zone);
    if (localtime && localtime.kind !== 'link' && localtime.kind !== 'file') return refuseLocaltime(localtime);
    const stored =
      goal.entry && text.trim() !== name ? decideReplace(goal, contentOfText(`${name}\n`), {}, {}) : undefined;
    if (stored?.kind === 'refuse') return stored;
    const result = { name };
    const written = stored?.kind === 'change' ? stored : undefined;
    if (!written && live === name) return ok('is the zone already', { result });
    const moved = live !== name && {
      diff: [{ subject: link, before: describe(state), after: `a link to ${zones}/${name}\n` }],
      guard: script({ localtime: sameEntry(link, localtime) }),
      apply: script({ localtime: relink(name) }),
      [localtime ? 'alters' : 'creates']: [{ kind: 'path', name: link }],
    };
    const was = moved && (live === undefined ? `${link} links to no zone` : `is ${live}`);
    const reason = [was, written && 'stored name differs'].filter(Boolean).join(', ');
    return change(reason, { ...inSequence(moved || undefined, written), result });
  },
});

/**
 * Says "there", "none" where the host has no list of zones, or the zones whose last part is the
 * same whatever the case.
 */
function lookUp(name: string): ShellText {
  const last = name.replace(/^.*\//, '');
  return join([
    sh`if [ -f ${`${zones}/${name}`} ]; then echo there; exit; fi`,
    sh`if [ ! -d ${`${zones}/`} ]; then echo no-zones; exit; fi`,
    sh`echo unknown; cd ${zones} && find . -type d \\( -name posix -o -name right \\) -prune -o -iname ${last} -print`,
  ]);
}

/** @throws CannotTell */
function readZone(answer: Answer): State['zone'] {
  const [kind, ...found] = accept(answer, 'zone', [0], 'find').stdout.trim().split('\n');
  if (kind !== 'there' && kind !== 'unknown' && kind !== 'no-zones')
    throw new CannotTell(`looking for the zone printed ${JSON.stringify(kind)}`);
  return { kind, similar: found.map(path => path.replace(/^\.\//, '')).toSorted() };
}

function refuseZone(name: string, { kind, similar }: State['zone']): Refuse {
  const tzdata = { kind: 'package', name: 'tzdata' } as const;
  if (kind === 'no-zones') {
    return refuse(`the host has no time zones: ${zones} does not exist`, 'Install the package tzdata first.', {
      needs: [tzdata, { kind: 'path', name: zones }],
    });
  }
  return refuse(
    `the host has no time zone ${name}`,
    similar.length > 0
      ? `Did you mean ${similar.slice(0, 3).join(' or ')}?`
      : `Correct the name (find ${zones} -type f lists them), or install tzdata-legacy for an old one.`,
    { needs: [tzdata, { kind: 'package', name: 'tzdata-legacy' }] },
  );
}

function refuseLocaltime({ kind }: Entry): Decision<State> {
  return refuse(
    `${link} is a ${kind}, not a link or a file`,
    'Find out who made it (a mount of a container?), and remove it.',
  );
}

function describe({ localtime, live }: State): string {
  if (!localtime) return '';
  return live === undefined ? `a ${localtime.kind}\n` : `a link to ${zones}/${live}\n`;
}

function relink(name: string): ShellText {
  const part = '/etc/.localtime.hostwright-part';
  return sh`rm -f -- ${part} && ln -s ${`${zones}/${name}`} ${part} && mv -f ${part} ${link}`;
}
