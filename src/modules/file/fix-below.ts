import type { AttributeArguments, AttributeChange } from '../../host/file/attributes.ts';
import type { Ids } from '../../host/file/ids.ts';
import { chmodMode, formatMode, resolveMode } from '../../host/file/mode.ts';
import { ownerText } from '../../host/file/place.ts';
import { join, sh } from '../../shell/quote.ts';
import type { Below } from './entries-below.ts';
import type { Args } from './schema.ts';

/**
 * What is to be done so that all below a directory has the attributes that are owned; links keep
 * what they point to.
 */
export function fixBelow(args: Args, ids: Ids, below: readonly Below[]): AttributeChange | undefined {
  const wrong = below.filter(group => differs(args, ids, group));
  if (wrong.length === 0) return undefined;
  const entries = wrong.reduce((sum, { count }) => sum + count, 0);
  const owners = wrong.some(group => wrongOwner(ids, group));
  return {
    reason: `${entries} ${entries === 1 ? 'entry differs' : 'entries differ'} below`,
    before: wrong.map(({ count, mode, uid, gid }) => `${count} x ${formatMode(mode)} ${uid}:${gid}\n`).join(''),
    after: wrong.map(group => describeAfter(args, ids, group)).join(''),
    commands: join(
      [
        sh`hw_cd ${args.path.replace(/(.)\/+$/, '$1')}`,
        owners && sh`chown -hR -- ${ownerText(ids)} .`,
        args.mode !== undefined && sh`hw_modes ${chmodMode(args.mode, true)}`,
      ],
      ' &&\n',
    ),
  };
}

function differs(args: AttributeArguments, ids: Ids, group: Below): boolean {
  return wrongOwner(ids, group) || modeAfter(args, group) !== group.mode;
}

function wrongOwner(ids: Ids, { uid, gid }: Below): boolean {
  return (ids.uid !== undefined && ids.uid !== uid) || (ids.gid !== undefined && ids.gid !== gid);
}

function modeAfter({ mode }: AttributeArguments, group: Below): number {
  if (mode === undefined || group.kind === 'link') return group.mode;
  return resolveMode(mode, group.mode, group.kind === 'directory');
}

function describeAfter(args: AttributeArguments, ids: Ids, group: Below): string {
  return `${group.count} x ${formatMode(modeAfter(args, group))} ${ids.uid ?? group.uid}:${ids.gid ?? group.gid}\n`;
}
