import { accept } from '../../shell/answer.ts';
import { all, type Look, look, map } from '../../shell/look.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';
import { detect, initSystem, noManager } from './init.ts';
import { needsReload, properties, type ServiceState, systemdState, unknown } from './systemd-state.ts';

/**
 * A service, as the init system says; without a name, only whether files of any unit have changed.
 * @throws CannotTell
 */
export function service(name: string | undefined): Look<ServiceState> {
  return map(all({ init: initSystem, service: said(name) }), ({ init, service }) => {
    if (init === 'systemd') return service.systemd();
    if (init === 'openrc') return service.openrc();
    throw noManager(init);
  });
}

/** What an init system says of the service, read by which of them it is. */
function said(name: string | undefined) {
  return look(sections(name), answer => ({
    systemd(): ServiceState {
      const shown = accept(answer, 'show', [0], 'systemctl').stdout;
      return name === undefined ? { ...unknown, stale: needsReload(shown) } : systemdState(shown, name);
    },
    openrc: () => openrcState(answer),
  }));
}

function sections(name: string | undefined): Record<string, ShellText> {
  if (name === undefined) return { show: sh`${detect}; [ $i != systemd ] || systemctl show '*' -p NeedDaemonReload` };
  return {
    show: sh`${detect}; case $i in systemd) systemctl show -p ${properties} -- ${name};; \
openrc) rc-service -e ${name};; esac`,
    enabled: sh`${detect}; [ $i != openrc ] || rc-update show default | grep -q ${`^ *${name} *|`}`,
    status: sh`${detect}; [ $i != openrc ] || rc-service ${name} status`,
  };
}

/** rc-service answers `status` with 0 for started, 3 for stopped and 32 for crashed. */
function openrcState(answer: Answer): ServiceState {
  const exists = accept(answer, 'show', [0, 1], 'rc-service').code === 0;
  const code = exists ? accept(answer, 'status', [0, 3, 32], 'rc-service').code : 3;
  const active = code === 0 ? 'active' : code === 3 ? 'inactive' : 'failed';
  const enabled = exists && accept(answer, 'enabled', [0, 1], 'rc-update').code === 0;
  return { ...unknown, init: 'openrc', exists, active, enabled: enabled ? 'enabled' : 'disabled' };
}
