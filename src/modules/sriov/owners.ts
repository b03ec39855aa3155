import { accept, CannotTell } from '../../shell/answer.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';
import { directoryOf } from './device.ts';

/** A connection of NetworkManager that is active on an interface of the device. */
export interface Connection {
  readonly name: string;
  /** The functions that it gives the device; 0 where it leaves them alone. */
  readonly functions: number;
}

const folders = ['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'];
const rules = raw(folders.map(folder => `${folder}/udev/rules.d/*.rules`).join(' '));
const dropIns = raw(folders.map(folder => `${folder}/systemd/network/"\${link##*/}".d/*.conf`).join(' '));

/**
 * Sections that print what else sets the number of functions: rules of udev, .link files,
 * NetworkManager.
 */
export function ownerSections(pf: string, file: string): Readonly<Record<'others' | 'manager', ShellText>> {
  const each = sh`for net in ${directoryOf(pf)}/net/*; do
  [ -e "$net" ] || continue
  name=\${net##*/}`;
  return {
    others: join([
      sh`for rules in ${rules}; do [ ! -e "$rules" ] || [ "$rules" = ${file} ] || grep -HF sriov_numvfs "$rules" || [ $? = 1 ] || exit 1; done`,
      each,
      sh`  link=$(udevadm info -q property "/sys/class/net/$name" | sed -n s/^ID_NET_LINK_FILE=//p)
  [ -z "$link" ] || grep -sHE '^SR-IOVVirtualFunctions' "$link" ${dropIns} || [ $? != 3 ]
done
:`,
    ]),
    manager: join([
      raw('command -v nmcli >/dev/null && [ "$(nmcli -t -f RUNNING general)" = running ] || exit 3'),
      each,
      raw(`  connection=$(nmcli -g GENERAL.CONNECTION device show "$name") || exit 1
  [ -z "$connection" ] && continue
  number=$(nmcli -g sriov.total-vfs connection show id "$connection") || exit 1
  echo "\${number:-0} $connection"
done
:`),
    ]),
  };
}

/** Lines of `grep -H` that set numbers of functions. @throws CannotTell */
export function readOthers(answer: Answer): string {
  return accept(answer, 'others', [0], 'The look at rules').stdout;
}

/** None where NetworkManager does not run. @throws CannotTell */
export function readConnections(answer: Answer): readonly Connection[] {
  const { code, stdout } = accept(answer, 'manager', [0, 3], 'nmcli');
  if (code === 3) return [];
  return stdout
    .split('\n')
    .filter(row => row !== '')
    .map(row => {
      const [, functions, name] = /^(\d+) (.+)$/.exec(row) ?? [];
      if (functions === undefined) throw new CannotTell(`nmcli said ${JSON.stringify(row)} of sriov.total-vfs`);
      return { name: name!, functions: Number(functions) };
    });
}
