import { rulesFiles } from '../../host/device/udev.ts';
import { CannotTell } from '../../shell/answer.ts';
import { all, ask, type Look, map, printed } from '../../shell/look.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import { directoryOf } from './device.ts';

/** A connection of NetworkManager that is active on an interface of the device. */
export interface Connection {
  readonly name: string;
  /** The functions that it gives the device; 0 where it leaves them alone. */
  readonly functions: number;
}

const folders = ['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'];
const dropIns = raw(folders.map(folder => `${folder}/systemd/network/"\${link##*/}".d/*.conf`).join(' '));

/** What else sets the number of functions: rules of udev, .link files, NetworkManager. */
export function owners(pf: string, file: string) {
  return all({ others: others(pf, file), connections: connections(pf) });
}

/** Shell text that begins a loop over the interfaces of the device, with `$name`. */
function eachInterface(pf: string): ShellText {
  return sh`for net in ${directoryOf(pf)}/net/*; do
  [ -e "$net" ] || continue
  name=\${net##*/}`;
}

/** Lines of `grep -H` that set numbers of functions. @throws CannotTell */
function others(pf: string, file: string): Look<string> {
  const text = join([
    sh`for rules in ${rulesFiles}; do [ ! -e "$rules" ] || [ "$rules" = ${file} ] || grep -HF sriov_numvfs "$rules" || \
[ $? = 1 ] || exit 1; done`,
    eachInterface(pf),
    sh`  link=$(udevadm info -q property "/sys/class/net/$name" | sed -n s/^ID_NET_LINK_FILE=//p)
  [ -z "$link" ] || grep -sHE '^SR-IOVVirtualFunctions' "$link" ${dropIns} || [ $? != 3 ]
done
:`,
  ]);
  return printed('The look at rules', text);
}

/** None where NetworkManager does not run. @throws CannotTell */
function connections(pf: string): Look<readonly Connection[]> {
  const text = join([
    raw('command -v nmcli >/dev/null && [ "$(nmcli -t -f RUNNING general)" = running ] || exit 3'),
    eachInterface(pf),
    raw(`  connection=$(nmcli -g GENERAL.CONNECTION device show "$name") || exit 1
  [ -z "$connection" ] && continue
  number=$(nmcli -g sriov.total-vfs connection show id "$connection") || exit 1
  echo "\${number:-0} $connection"
done
:`),
  ]);
  return map(ask('nmcli', text, [0, 3]), ({ code, stdout }) => {
    const rows = code === 3 ? [] : stdout.split('\n').filter(row => row !== '');
    return rows.map(row => {
      const [, functions, name] = /^(\d+) (.+)$/.exec(row) ?? [];
      if (functions === undefined || name === undefined)
        throw new CannotTell(`nmcli said ${JSON.stringify(row)} of sriov.total-vfs`);
      return { name, functions: Number(functions) };
    });
  });
}
