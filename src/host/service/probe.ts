import { raw, type ShellText, sh } from '../../shell/quote.ts';
import type { ServiceArguments } from './arguments.ts';
import { systemctl } from './systemctl.ts';

const detect = raw(
  'if [ -d /run/systemd/system ]; then i=systemd; elif [ -d /run/openrc ] && command -v ' +
    'rc-service >/dev/null; then i=openrc; elif command -v systemctl >/dev/null; then ' +
    'i=systemd-offline; else i=none; fi',
);

const properties =
  'LoadState,ActiveState,SubState,UnitFileState,Type,RemainAfterExit,NeedDaemonReload,InvocationID,ActiveEnterTimestampMonotonic';

/**
 * Sections that find out which init system runs, and ask it about a service; without a name, only
 * for units whose files changed.
 */
export function probeService(name: string | undefined): Record<string, ShellText> {
  if (name === undefined) {
    return {
      init: sh`${detect}; echo $i`,
      show: sh`${detect}; [ $i != systemd ] || systemctl show '*' -p NeedDaemonReload`,
    };
  }
  return {
    init: sh`${detect}; echo $i`,
    show: sh`${detect}; case $i in systemd) systemctl show -p ${properties} -- ${name};; openrc) rc-service -e ${name};; esac`,
    enabled: sh`${detect}; [ $i != openrc ] || rc-update show default | grep -q ${`^ *${name} *|`}`,
    status: sh`${detect}; [ $i != openrc ] || rc-service ${name} status`,
  };
}

/**
 * Sections that ask systemd alone: about a unit of any scope, all units whose files changed, and
 * the version that runs.
 */
export function probeSystemd(args: ServiceArguments): Record<string, ShellText> {
  const { name, scope, daemon_reload, daemon_reexec } = args;
  const ctl = systemctl(scope);
  if (scope === 'global') return { enabled: sh`${ctl} is-enabled -- ${name!}` };
  return {
    init: sh`${detect}; echo $i`,
    ...(name !== undefined && { show: sh`${ctl} show -p ${properties} -- ${name}` }),
    ...(daemon_reload && { stale: sh`${ctl} show '*' -p NeedDaemonReload` }),
    ...(daemon_reexec && { running: sh`${ctl} show -p Version`, installed: sh`systemctl --version` }),
  };
}
