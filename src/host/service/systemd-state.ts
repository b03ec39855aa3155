import { CannotTell } from '../../shell/answer.ts';

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
  readonly version?: { readonly running: string; readonly installed: string } | undefined;
}

/** What is true of a unit of which nothing else is known. */
export const unknown: ServiceState = {
  init: 'systemd',
  exists: true,
  active: '',
  enabled: '',
  once: false,
  stale: false,
  invocation: '',
};

/** The properties of a unit that {@link systemdState} reads. */
export const properties = [
  ...['LoadState', 'ActiveState', 'SubState', 'UnitFileState', 'Type', 'RemainAfterExit'],
  ...['NeedDaemonReload', 'InvocationID', 'ActiveEnterTimestampMonotonic'],
].join(',');

/** Whether `systemctl show` says of any unit that its file has changed. */
export function needsReload(shown: string): boolean {
  return /^NeedDaemonReload=yes$/m.test(shown);
}

/** Reads the properties of a unit. @throws CannotTell */
export function systemdState(shown: string, name: string): ServiceState {
  const lines = shown.split('\n');
  const fields = new Map(lines.map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
  const [load, active] = [fields.get('LoadState'), fields.get('ActiveState')];
  if (load === undefined || active === undefined) {
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
    active,
    enabled: load === 'masked' ? 'masked' : (fields.get('UnitFileState') ?? ''),
    once: fields.get('Type') === 'oneshot' && fields.get('RemainAfterExit') === 'no',
    stale: needsReload(shown),
    invocation: `${fields.get('InvocationID') ?? ''} ${fields.get('ActiveEnterTimestampMonotonic') ?? ''}`,
  };
}
