import type { Entry } from '../../host/file/entry.ts';
import { CannotTell } from '../../shell/answer.ts';
import { ask, type Look, map } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';

/** Attributes of what lies below a directory, and how many entries have them. */
export interface Below extends Pick<Entry, 'mode' | 'uid' | 'gid'> {
  readonly count: number;
  readonly kind: 'directory' | 'link' | 'other';
}

/** The distinct attributes of all that lies below a directory. */
export function entriesBelow(path: string): Look<readonly Below[]> {
  const text = sh`if [ -d ${path}/ ]; then find ${path}/ -exec stat -c '%f %u %g' -- {} + | sort | uniq -c; fi`;
  return map(ask('find', text), ({ stdout, stderr }) => {
    const said = stderr.trim();
    if (said !== '') throw new CannotTell(`could not look at all that lies below: ${said}`);
    return stdout
      .split('\n')
      .filter(line => line !== '')
      .map(parseLine);
  });
}

function parseLine(line: string): Below {
  const [, count, hex, uid, gid] = /^ *(\d+) ([0-9a-f]+) (\d+) (\d+)$/.exec(line) ?? [];
  if (hex === undefined) {
    throw new CannotTell(`find and stat printed a line that cannot be read: ${JSON.stringify(line)}`);
  }
  const bits = Number.parseInt(hex, 16);
  const kind = bits >> 12 === 4 ? 'directory' : bits >> 12 === 10 ? 'link' : 'other';
  return { count: Number(count), mode: bits & 0o7777, uid: Number(uid), gid: Number(gid), kind };
}
