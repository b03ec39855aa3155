import {
  type Change,
  type ChangePart,
  change,
  type Decision,
  inSequence,
  ok,
  type Refuse,
  refuse,
} from '../../decision.ts';
import { contentOfText } from '../../host/file/content.ts';
import { probeGoal } from '../../host/file/goal.ts';
import { decideReplace } from '../../host/file/replace.ts';
import { largestText, readText, type TextGoal } from '../../host/lines/text.ts';
import { accept } from '../../shell/answer.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { ConfSyntax, type ConfValue, formatConf, parseConf, sameConf, setInConf } from './conf-text.ts';
import { knownSettings, misfit } from './conf-types.ts';
import { type Daemon, daemonSections, readDaemon } from './daemon.ts';
import { jobsOfDaemon, readJobs } from './jobs.ts';
import { keptAs, noJobsStill, refuseRestart, restartDaemon } from './restart-daemon.ts';
import { type Args, args, examples, returns } from './schema.ts';

interface State extends TextGoal {
  /**
   * The lens, which names the settings that this libvirt knows; undefined where it is not there.
   */
  readonly lens: string | undefined;
  readonly daemon: Daemon;
  /** What a restart could break. */
  readonly jobs: readonly string[];
}

const lenses = { 'qemu.conf': 'libvirtd_qemu', 'libvirtd.conf': 'libvirtd', 'virtqemud.conf': 'virtqemud' } as const;

/** Settings of libvirt's daemon. */
export const libvirtConf = defineModule({
  name: 'libvirt_conf',
  summary: 'Settings of qemu.conf and of the daemon that reads it.',
  description: `Owns single settings of a file in /etc/libvirt; comments, order and all other
settings stay, byte for byte. A value must have the type that the installed libvirt wants (it comes
with a list of its settings): what libvirt does not know it would ignore in silence, and is refused.

The daemon reads the file when it starts. It is restarted where it runs and is older than the file:
libvirtd, or virtqemud where daemons are modular; which of the two is never changed. Guests outlive
that. While a domain has a job (migration, save, backup, a copy of a disk) the change is refused.
If libvirt does not answer afterwards, the old file is put back and the daemon started with it, and
the task fails.`,
  args,
  returns,
  examples,
  owns: args =>
    Object.entries(args.settings).map(([attribute, value]) => ({
      subject: `libvirt ${args.file}`,
      attribute,
      value: formatConf(value),
    })),
  probe: args =>
    script({
      ...probeGoal(pathOf(args), { follow: true, most: largestText }),
      lens: sh`f=${`/usr/share/augeas/lenses/${lenses[args.file]}.aug`}; [ -e "$f" ] || exit 3; cat "$f"`,
      ...daemonSections(pathOf(args)),
      ...(args.restart && { jobs: jobsOfDaemon(args.uri) }),
    }),
  read: (answer, args): State => {
    const lens = accept(answer, 'lens', [0, 3], 'cat');
    return {
      ...readText(answer),
      lens: lens.code === 3 ? undefined : lens.stdout,
      daemon: readDaemon(answer),
      jobs: args.restart ? readJobs(answer, 'jobs') : [],
    };
  },
  decide,
});

function decide(args: Args, state: State): Decision<State> {
  const refused = refuseSettings(args, state) ?? refuseMode(args, state.daemon);
  if (refused) return refused;
  const path = state.goal.path;
  const { daemon } = state;
  let before: ReadonlyMap<string, ConfValue>;
  let text = state.text;
  try {
    before = new Map(
      parseConf(text)
        .toReversed()
        .map(({ name, value }) => [name, value as ConfValue]),
    );
    for (const [name, value] of Object.entries(args.settings)) text = setInConf(text, name, value);
  } catch (error) {
    if (!(error instanceof ConfSyntax)) throw error;
    return refuse(`${path}, ${error.message}`, 'libvirt does not start with it either. Correct it by hand.');
  }
  const file = decideReplace(state.goal, contentOfText(text), {}, {});
  if (file.kind === 'refuse') return file;
  const stored = file.kind === 'change' ? file : undefined;
  const restart = args.restart && daemon.pid > 0 && (stored !== undefined || daemon.stale);
  const result = { path, mode: daemon.mode, unit: daemon.unit ?? '', stale: daemon.stale && !restart };
  if (!stored && !restart) {
    const reason = daemon.stale ? `is stored, and ${daemon.unit} is older` : 'is so already';
    return ok(reason, { result });
  }
  return restart
    ? (refuseRestart(state.daemon, state.jobs) ?? changeOf(args, state, before, stored, result))
    : { ...stored!, diff: diffOf(path, args, before), result: { ...result, stale: daemon.pid > 0 } };
}

function changeOf(
  args: Args,
  { daemon, goal }: State,
  before: ReadonlyMap<string, ConfValue>,
  stored: Change | undefined,
  result: Readonly<Record<string, unknown>>,
): Change<State> {
  const service = `${daemon.unit}.service`;
  const kept = stored && goal.entry ? goal.path : undefined;
  const keep = kept !== undefined && {
    diff: [],
    apply: script({ keep: sh`cp -p -- ${kept} ${keptAs(kept)}` }),
  };
  const restart: ChangePart = {
    diff: [{ subject: service, before: 'older than the file\n', after: 'restarted\n' }],
    guard: script({ jobs: noJobsStill(args.uri, daemon) }),
    apply: script({ restart: restartDaemon(args.uri, daemon, kept) }),
    alters: [{ kind: 'unit', name: service }],
  };
  return change(stored ? 'the stored settings differ' : `${daemon.unit} is older than the file`, {
    ...inSequence(keep || undefined, stored && { ...stored, diff: diffOf(goal.path, args, before) }, restart),
    verify: { within: 10 },
    result,
  });
}

/** Only what is owned: the file has passwords of others in it. */
function diffOf(path: string, { settings }: Args, before: ReadonlyMap<string, ConfValue>) {
  const changed = Object.entries(settings).filter(([name, value]) => !sameConf(before.get(name) as never, value));
  const show = (name: string, value: ConfValue | undefined): string =>
    value === undefined ? '' : `${name} = ${name.includes('password') ? '(hidden)' : formatConf(value)}\n`;
  return [
    {
      subject: path,
      before: changed.map(([name]) => show(name, before.get(name))).join(''),
      after: changed.map(([name, value]) => show(name, value)).join(''),
    },
  ];
}

function refuseSettings(args: Args, { goal, lens }: State): Refuse | undefined {
  if (lens === undefined) {
    return refuse(
      `the host has no list of the settings of ${args.file} (/usr/share/augeas/lenses/${lenses[args.file]}.aug)`,
      'It comes with the daemon that reads the file: install libvirt first.',
      {
        needs: [
          { kind: 'path', name: goal.path },
          { kind: 'package', name: '*' },
        ],
      },
    );
  }
  const known = knownSettings(lens);
  const problems = Object.entries(args.settings).flatMap(([name, value]) => {
    const type = known.get(name);
    return (type === undefined ? `${name} is not a setting of this libvirt` : misfit(name, type, value)) ?? [];
  });
  if (problems.length === 0) return undefined;
  return refuse(`${args.file}: ${problems.join('; ')}`, `The comments in ${goal.path} describe them all.`);
}

function refuseMode({ file }: Args, { mode }: Daemon): Refuse | undefined {
  if (mode === 'both') {
    return refuse(
      'both libvirtd and virtqemud are there to serve',
      'Only one of the two may: disable the other with its sockets. Which one is your choice, and not made here.',
    );
  }
  const idle = (mode === 'modular' && file === 'libvirtd.conf') || (mode === 'monolithic' && file === 'virtqemud.conf');
  if (!idle) return undefined;
  return refuse(
    `nothing reads ${file}: the daemons of this host are ${mode}`,
    `Its settings belong into ${mode === 'modular' ? 'virtqemud.conf' : 'libvirtd.conf'}.`,
  );
}

function pathOf({ file }: Pick<Args, 'file'>): string {
  return `/etc/libvirt/${file}`;
}
