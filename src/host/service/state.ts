import { accept, CannotTell } from '../../shell/answer.ts';
import type { Answer } from '../../shell/script.ts';
import type { ServiceArguments } from './arguments.ts';

/** What an init system says about a service. */
export interface ServiceState {
  readonly init: 'systemd' | 'openrc';
  readonly exists: boolean;
  /** `active`, `inactive`, `failed`, `activating`, … */
  readonly active: string;
  /** `enabled`, `disabled`, `static`, `masked`, …; '' where it is not known. */
  readonly enabled: string;
  /** Runs once and is inactive then: it cannot be found running. */
  readonly once: boolean;
  /** The unit's file changed since it was read. */
  readonly stale: boolean;
  /** Tells one start from the next. */
  readonly invocation: string;
  /** Of systemd, where it was asked for. */
  readonly version?: { readonly running: string; readonly installed: string };
}

/** @throws CannotTell */
export function readService(answer: Answer, name: string | undefined): ServiceState {
  const init = accept(answer, 'init', [0], 'sh').stdout.trim();
  if (init === 'systemd') return readSystemd(answer, name);
  if (init === 'openrc') return readOpenrc(answer);
  throw noManager(init);
}

/**
 * Reads the answer of `probeSystemd`.
 * @throws CannotTell
 */
export function readSystemdUnit(answer: Answer, args: ServiceArguments): ServiceState {
  const { name, scope, daemon_reload, daemon_reexec } = args;
  if (scope === 'global') return readGlobal(answer, name!);
  const init = accept(answer, 'init', [0], 'sh').stdout.trim();
  if (init !== 'systemd') throw noManager(init, 'The module service knows OpenRC, too.');
  const unit = name === undefined ? unknown : readSystemd(answer, name);
  const all = daemon_reload ? accept(answer, 'stale', [0], 'systemctl').stdout : '';
  return {
    ...unit,
    stale: unit.stale || /^NeedDaemonReload=yes$/m.test(all),
    ...(daemon_reexec && { version: readVersion(answer) }),
  };
}

/** @throws CannotTell */
function readVersion(answer: Answer): { running: string; installed: string } {
  const shown = accept(answer, 'running', [0], 'systemctl').stdout;
  const printed = accept(answer, 'installed', [0], 'systemctl').stdout;
  const running = /^Version=(\S+)$/m.exec(shown)?.[1];
  const [, short, long] = /^systemd (\S+)(?: \((.+)\))?$/m.exec(printed) ?? [];
  if (running === undefined || short === undefined)
    throw new CannotTell(`systemctl printed no version: ${JSON.stringify((shown + printed).slice(0, 200))}`);
  // Old managers say the short one only.
  return { running, installed: running.includes('.') || running.includes('-') ? (long ?? short) : short };
}

/** Links only: no manager of all users runs that could be asked. */
function readGlobal(answer: Answer, name: string): ServiceState {
  const { stdout, stderr } = accept(answer, 'enabled', [0, 1, 4], 'systemctl');
  const enabled = stdout.trim();
  if (enabled === 'not-found' || (enabled === '' && /No such file or directory\s*$/.test(stderr)))
    return { ...unknown, exists: false };
  if (!/^[a-z]+(-[a-z]+)?$/.test(enabled))
    throw new CannotTell(`systemctl printed no state of ${name}: ${stderr.trim() || JSON.stringify(stdout)}`);
  return { ...unknown, active: '', enabled };
}

function noManager(init: string, advice?: string): CannotTell {
  const messages: Readonly<Record<string, string>> = {
    'systemd-offline': 'systemd is installed, but did not boot this system (a container or a chroot?)',
    openrc: 'this host runs OpenRC, not systemd',
  };
  return new CannotTell(messages[init] ?? 'this host has neither systemd nor OpenRC', {
    advice: advice ?? 'Services are managed with systemctl or rc-service; use command for another init system.',
  });
}

function readSystemd(answer: Answer, name: string | undefined): ServiceState {
  const shown = accept(answer, 'show', [0], 'systemctl').stdout;
  if (name === undefined) return { ...unknown, stale: /^NeedDaemonReload=yes$/m.test(shown) };
  const fields = new Map(
    shown.split('\n').map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const load = fields.get('LoadState');
  if (load === undefined || !fields.has('ActiveState')) {
    throw new CannotTell(`systemctl printed no state of ${name}: ${JSON.stringify(shown.slice(0, 200))}`);
  }
  if (load !== 'loaded' && load !== 'not-found' && load !== 'masked') {
    throw new CannotTell(`${name} is in load state ${load}`, {
      advice: `See systemctl status ${name}: its file is not valid.`,
    });
  }
  return {
    init: 'systemd',
    exists: load !== 'not-found',
    active: fields.get('ActiveState')!,
    enabled: load === 'masked' ? 'masked' : (fields.get('UnitFileState') ?? ''),
    once: fields.get('Type') === 'oneshot' && fields.get('RemainAfterExit') === 'no',
    stale: fields.get('NeedDaemonReload') === 'yes',
    invocation: `${fields.get('InvocationID') ?? ''} ${fields.get('ActiveEnterTimestampMonotonic') ?? ''}`,
  };
}

/** rc-service answers `status` with 0 for started, 3 for stopped and 32 for crashed. */
function readOpenrc(answer: Answer): ServiceState {
  const exists = accept(answer, 'show', [0, 1], 'rc-service').code === 0;
  const active = { 0: 'active', 3: 'inactive', 32: 'failed' }[
    exists ? accept(answer, 'status', [0, 3, 32], 'rc-service').code : 3
  ]!;
  const enabled = exists && accept(answer, 'enabled', [0, 1], 'rc-update').code === 0;
  return { ...unknown, init: 'openrc', exists, active, enabled: enabled ? 'enabled' : 'disabled' };
}

const unknown: ServiceState = {
  init: 'systemd',
  exists: true,
  active: '',
  enabled: '',
  once: false,
  stale: false,
  invocation: '',
};
