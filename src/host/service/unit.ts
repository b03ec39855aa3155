import { CannotTell } from '../../shell/answer.ts';
import { all, ask, type Look, map, printed } from '../../shell/look.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import type { ServiceArguments } from './arguments.ts';
import { initSystem, noManager } from './init.ts';
import { systemctl } from './systemctl.ts';
import { needsReload, properties, type ServiceState, systemdState, unknown } from './systemd-state.ts';

/**
 * What systemd alone says: about a unit of any scope, all units whose files have changed, and the
 * version that runs.
 * @throws CannotTell
 */
export function unit({ name, scope, daemon_reload, daemon_reexec }: ServiceArguments): Look<ServiceState> {
  const ctl = systemctl(scope);
  if (scope === 'global' && name !== undefined) return globalUnit(name);
  const parts = {
    init: booted,
    unit:
      name === undefined
        ? undefined
        : map(printed('systemctl', sh`${ctl} show -p ${properties} -- ${name}`), shown => systemdState(shown, name)),
    stale: daemon_reload ? map(printed('systemctl', sh`${ctl} show '*' -p NeedDaemonReload`), needsReload) : undefined,
    version: daemon_reexec ? versions(ctl) : undefined,
  };
  return map(all(parts), ({ unit = unknown, stale = false, version }) => ({
    ...unit,
    stale: unit.stale || stale,
    version,
  }));
}

/** Nothing but systemd can be asked. @throws CannotTell */
const booted = map(initSystem, init => {
  if (init !== 'systemd') throw noManager(init, 'The module service knows OpenRC, too.');
});

/** Links only: no manager of all users runs that could be asked. @throws CannotTell */
function globalUnit(name: string): Look<ServiceState> {
  const text = sh`${systemctl('global')} is-enabled -- ${name}`;
  return map(ask('systemctl', text, [0, 1, 4]), ({ stdout, stderr }) => {
    const enabled = stdout.trim();
    if (enabled === 'not-found' || (enabled === '' && /No such file or directory\s*$/.test(stderr)))
      return { ...unknown, exists: false };
    if (!/^[a-z]+(-[a-z]+)?$/.test(enabled))
      throw new CannotTell(`systemctl printed no state of ${name}: ${stderr.trim() || JSON.stringify(stdout)}`);
    return { ...unknown, active: '', enabled };
  });
}

/** The version of systemd that runs, and the one that is installed. @throws CannotTell */
function versions(ctl: ShellText) {
  const parts = {
    running: printed('systemctl', sh`${ctl} show -p Version`),
    installed: printed('systemctl', sh`systemctl --version`),
  };
  return map(all(parts), seen => {
    const running = /^Version=(\S+)$/m.exec(seen.running)?.[1];
    const [, short, long] = /^systemd (\S+)(?: \((.+)\))?$/m.exec(seen.installed) ?? [];
    if (running === undefined || short === undefined) {
      const said = JSON.stringify((seen.running + seen.installed).slice(0, 200));
      throw new CannotTell(`systemctl printed no version: ${said}`);
    }
    // Old managers say the short one only.
    return { running, installed: running.includes('.') || running.includes('-') ? (long ?? short) : short };
  });
}
