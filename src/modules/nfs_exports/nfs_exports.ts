import type { ArgumentProblem } from '../../callable.ts';
import { type ChangePart, type Decision, storedAndLive } from '../../decision.ts';
import { contentOfText } from '../../host/file/content.ts';
import { probeGoal, sha256Of } from '../../host/file/goal.ts';
import { decideReplace } from '../../host/file/replace.ts';
import { largestText, readText, type TextGoal } from '../../host/lines/text.ts';
import { accept } from '../../shell/answer.ts';
import { join, raw, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { type Look, refuseExports } from './check-exports.ts';
import { type Export, exportText, harmfulExport, missingFrom, nameOf, parseExports, sameExport } from './exports.ts';
import { type Args, args, examples, returns } from './schema.ts';

interface State extends TextGoal, Look {
  /** What the server exports now, as it says it. */
  readonly shown: string;
}

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
  problems: (args: Args) => problems(args),
  owns: (args: Args) => [{ subject: 'NFS exports', attribute: args.file, value: exportText(wantedOf(args)) }],
  probe(args: Args) {
    return script({
      tool: raw('command -v exportfs >/dev/null || exit 127'),
      ...probeGoal(args.file, { most: largestText }),
      live: raw('exportfs -s'),
      others: sh`for file in /etc/exports /etc/exports.d/*.exports; do
  [ -e "$file" ] && [ "$file" != ${args.file} ] || continue
  printf '\\n%s\\n' "=== $file"; cat -- "$file" || exit 1
done`,
      missing: join([...args.exports.map(({ path }) => sh`[ -d ${path} ] || echo ${path}`), raw(':')]),
    });
  },
  read(answer): State {
    accept(answer, 'tool', [0], 'exportfs');
    const shown = accept(answer, 'live', [0], 'exportfs -s').stdout;
    const others = accept(answer, 'others', [0], 'cat').stdout.split(/^=== /m).slice(1);
    return {
      ...readText(answer),
      shown,
      live: parseExports(shown),
      others: others.flatMap(text => {
        const end = text.indexOf('\n');
        return parseExports(text.slice(end)).map(one => ({ ...one, file: text.slice(0, end) }));
      }),
      missing: accept(answer, 'missing', [0], 'test')
        .stdout.split('\n')
        .filter(path => path !== ''),
    };
  },
  decide(args: Args, state): Decision<State> {
    const wanted = wantedOf(args);
    const refused = refuseExports(args.file, wanted, state);
    if (refused) return refused;
    const own = parseExports(state.text);
    const text = exportText(wanted);
    const absent = wanted.length === 0 && !state.goal.entry;
    const stored = absent ? undefined : decideReplace(state.goal, contentOfText(text), {}, {});
    const differ = wanted.filter(one => {
      const live = state.live.find(other => sameExport(one, other));
      return !live || missingFrom(one.options, live.options).length > 0;
    });
    const gone = own.filter(one => !wanted.some(other => sameExport(one, other)));
    const stale = gone.filter(one => state.live.some(other => sameExport(one, other)));
    const serves = differ.length + stale.length > 0;
    const reason = (file: boolean) => {
      const parts = [file && 'the file', serves && 'the server'].filter(Boolean);
      return `${parts.join(' and ')} ${parts.length > 1 ? 'differ' : 'differs'}`;
    };
    return storedAndLive(reason, {
      first: 'stored',
      stored,
      live: differ.length > 0 || stored?.kind === 'change' ? exportAll(state, differ, stale) : undefined,
      same: 'the file and the server have these exports',
      result: { exports: wanted.map(nameOf) },
      more: { rehearse: script({ names: join([...wanted.flatMap(resolves), raw(':')]) }) },
    });
  },
});

/** Gives the server what the files say: what differs or is stale goes from one to the other. */
function exportAll({ live, shown }: State, differ: readonly Export[], stale: readonly Export[]): ChangePart {
  const touched = live.filter(one => [...differ, ...stale].some(other => sameExport(one, other)));
  return {
    diff:
      differ.length + stale.length === 0
        ? []
        : [{ subject: 'exports (live)', before: exportLines(touched), after: exportLines(differ) }],
    guard: script({ server: sh`[ "$(exportfs -s | sha256sum)" = ${`${sha256Of(shown)}  -`} ] || exit 75` }),
    apply: script({ live: raw('exportfs -ra') }),
    hazards: stale.map(one => ({
      hazard: 'service-interruption',
      subject: nameOf(one),
      because: 'its clients lose it at once, and requests that wait for it fail.',
    })),
  };
}

function wantedOf({ exports }: Args): readonly Export[] {
  return exports.flatMap(({ path, clients }) =>
    clients.map(({ to, options }) => ({ path, client: to, options: options.split(',') })),
  );
}

function problems(args: Args): ArgumentProblem[] {
  const wanted = wantedOf(args);
  const twice = wanted.find((one, at) => wanted.findIndex(other => sameExport(one, other)) !== at);
  const harmful = wanted.flatMap(one => {
    const problem = harmfulExport(one.options);
    return problem === undefined ? [] : [{ argument: 'exports', message: `${nameOf(one)}: ${problem}` }];
  });
  return twice ? [...harmful, { argument: 'exports', message: `${nameOf(twice)} is given twice` }] : harmful;
}

/** exportfs passes over a client whose name it cannot resolve. */
function resolves({ client }: Export) {
  return /^[A-Za-z0-9._-]*[A-Za-z][A-Za-z0-9._-]*$/.test(client)
    ? [
        sh`getent ahosts ${client} >/dev/null || { echo ${`the name of the client ${client} cannot be resolved`} >&2; exit 1; }`,
      ]
    : [];
}

function exportLines(exports: readonly Export[]): string {
  return exports.map(({ path, client, options }) => `${path} ${client}(${options.join(',')})\n`).join('');
}
