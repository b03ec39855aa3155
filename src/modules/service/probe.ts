import { raw, type ShellText, sh } from '../../shell/quote.ts';

const detect = raw(
  'if [ -d /run/systemd/system ]; then i=systemd; elif [ -d /run/openrc ] && command -v rc-service >/dev/null; then i=openrc; elif command -v systemctl >/dev/null; then i=systemd-offline; else i=none; fi',
);

const properties =
  'LoadState,ActiveState,SubState,UnitFileState,Type,RemainAfterExit,NeedDaemonReload,InvocationID,ActiveEnterTimestampMonotonic';

/** Sections that find out which init system runs, and ask it about a service; without a name, only for units whose files changed. */
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
