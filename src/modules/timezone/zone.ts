import { type Refuse, refuse } from '../../decision.ts';
import { CannotTell } from '../../shell/answer.ts';
import { type Look, map, printed } from '../../shell/look.ts';
import { join, sh } from '../../shell/quote.ts';

/** Where a host has its zones. */
export const zones = '/usr/share/zoneinfo';

/** Whether the host has a zone, and if not what it has of the same name. */
export interface Zone {
  readonly kind: 'there' | 'unknown' | 'no-zones';
  /** Zones whose last part is the same whatever the case. */
  readonly similar: readonly string[];
}

/** A zone by its name. @throws CannotTell */
export function zone(name: string): Look<Zone> {
  const last = name.replace(/^.*\//, '');
  const text = join([
    sh`if [ -f ${`${zones}/${name}`} ]; then echo there; exit; fi`,
    sh`if [ ! -d ${`${zones}/`} ]; then echo no-zones; exit; fi`,
    sh`echo unknown; cd ${zones} && find . -type d \\( -name posix -o -name right \\) -prune -o -iname ${last} -print`,
  ]);
  return map(printed('find', text), found => {
    const [kind, ...paths] = found.trim().split('\n');
    if (kind !== 'there' && kind !== 'unknown' && kind !== 'no-zones')
      throw new CannotTell(`looking for the zone printed ${JSON.stringify(kind)}`);
    return { kind, similar: paths.map(path => path.replace(/^\.\//, '')).toSorted() };
  });
}

/** The host does not have the zone. */
export function refuseZone(name: string, { kind, similar }: Zone): Refuse {
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
