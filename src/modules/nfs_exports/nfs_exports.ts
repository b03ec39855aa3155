import { storedAndLive } from '../../decision.ts';
import { edited } from '../../host/lines/decide.ts';
import { join, raw } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { refuseExports } from './check-exports.ts';
import { exportAll } from './export-all.ts';
import { exportText, missingFrom, nameOf, parseExports, sameExport } from './exports.ts';
import { args, examples, returns } from './schema.ts';
import { serverExports } from './server.ts';
import { problems, resolves, wantedOf } from './wanted.ts';

export const nfsExports = defineModule({
  name: 'nfs_exports',
  summary: 'Owns what an NFS server exports, in a file of its own and in the running server.',
  description: `Writes one file below /etc/exports.d as a whole and lets \`exportfs -r\` carry it
out; compares the file and \`exportfs -s\`, and says which of the two differed. Exports of other
files stay. Refused: one that another file has for the same client (it would depend on the order
which wins), a path that is not a directory, \`async\`, and exports that somebody has made by hand,
which \`exportfs -r\` would end. An export that is taken away needs \`service-interruption\`:
clients lose it at once.`,
  args,
  returns,
  examples,
  problems,
  owns: args => [{ subject: 'NFS exports', attribute: args.file, value: exportText(wantedOf(args)) }],
  look: args => serverExports(args),
  decide(args, seen) {
    const { file, live } = seen;
    const wanted = wantedOf(args);
    const refused = refuseExports(args.file, wanted, seen);
    if (refused) return refused;
    const absent = wanted.length === 0 && !file.goal.entry;
    const stored = absent ? undefined : edited(file, exportText(wanted));
    const differ = wanted.filter(one => {
      const now = live.exports.find(other => sameExport(one, other));
      return !now || missingFrom(one.options, now.options).length > 0;
    });
    const gone = parseExports(file.text).filter(one => !wanted.some(other => sameExport(one, other)));
    const stale = gone.filter(one => live.exports.some(other => sameExport(one, other)));
    const serves = differ.length + stale.length > 0;
    const reason = (writes: boolean) => {
      const parts = [writes && 'the file', serves && 'the server'].filter(Boolean);
      return `${parts.join(' and ')} ${parts.length > 1 ? 'differ' : 'differs'}`;
    };
    return storedAndLive(reason, {
      first: 'stored',
      stored,
      live: differ.length > 0 || stored?.kind === 'change' ? exportAll(live, differ, stale) : undefined,
      same: 'the file and the server have these exports',
      result: { exports: wanted.map(nameOf) },
      more: { rehearse: script({ names: join([...wanted.flatMap(resolves), raw(':')]) }) },
    });
  },
});
