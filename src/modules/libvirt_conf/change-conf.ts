import { type Change, type ChangePart, change, inSequence } from '../../decision.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import type { ConfState } from './conf-state.ts';
import { type ConfValue, formatConf, sameConf } from './conf-text.ts';
import { keptAs, noJobsStill, restartDaemon } from './restart-daemon.ts';

interface Stored {
  /** What writes the file; undefined where it has the settings. */
  readonly stored: Change | undefined;
  readonly result: Readonly<Record<string, unknown>>;
}

/** Writes the file and restarts the daemon. */
export function changeConf(
  uri: string,
  { daemon, file: { goal } }: ConfState,
  { result, stored }: Stored,
): Change<ConfState> {
  const service = `${daemon.unit}.service`;
  const kept = stored && goal.entry ? goal.path : undefined;
  const keep = kept !== undefined && {
    diff: [],
    apply: script({ keep: sh`cp -p -- ${kept} ${keptAs(kept)}` }),
  };
  const restart: ChangePart = {
    diff: [{ subject: service, before: 'older than the file\n', after: 'restarted\n' }],
    guard: script({ jobs: noJobsStill(uri, daemon) }),
    apply: script({ restart: restartDaemon(uri, daemon, kept) }),
    alters: [{ kind: 'unit', name: service }],
  };
  return change(stored ? 'the stored settings differ' : `${daemon.unit} is older than the file`, {
    ...inSequence(keep || undefined, stored, restart),
    verify: { within: 10 },
    result,
  });
}

/** What differs, and only of what is owned: the file has passwords of others in it. */
export function diffOf(
  path: string,
  settings: Readonly<Record<string, ConfValue>>,
  before: ReadonlyMap<string, ConfValue>,
) {
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
