import { quiet } from '../../host/lvm/report.ts';
import { CannotTell } from '../../shell/answer.ts';
import { all, ask, type Look, later, map, printed } from '../../shell/look.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import type { Args } from './schema.ts';

/** A file of LVM's configuration. */
interface ConfigFile {
  readonly text: string;
  /** What the guard compares. */
  readonly hash: string;
  /** What the new file gets. */
  readonly mode: string;
  readonly user: string;
  readonly group: string;
}

/** The file; undefined where it is not there. @throws CannotTell */
export function configFile(path: string): Look<ConfigFile | undefined> {
  const there = sh`[ -e ${path} ] || exit 3`;
  const looks = all({
    text: ask('cat', sh`[ -e ${path} ] || [ -L ${path} ] || exit 3; cat ${path}`, [0, 3]),
    hash: later(printed('The look at the file', sh`${there}; sha256sum <${path}`)),
    permissions: later(printed('The look at the file', sh`${there}; stat -L -c '%a %u %g' ${path}`)),
  });
  return map(looks, ({ hash, permissions, text }) => {
    if (text.code === 3) return undefined;
    const [, mode, user, group] = /^(\d+) (\d+) (\d+)\n?$/.exec(permissions()) ?? [];
    if (mode === undefined || user === undefined || group === undefined) {
      throw new CannotTell(`stat printed no permissions of ${path}`);
    }
    return { text: text.stdout, hash: hash().trim(), mode, user, group };
  });
}

/**
 * The value of a setting that LVM uses, as it prints it; undefined for one without a value.
 * @throws CannotTell
 */
export function inEffect({ directory }: Pick<Args, 'directory'>, key: string): Look<string | undefined> {
  const lvmconfig = sh`${quiet} LVM_SYSTEM_DIR=${directory} lvmconfig --typeconfig full ${key}`;
  return map(ask('lvmconfig', lvmconfig, [0, 5]), ({ code, stderr, stdout }) => {
    if (code === 5) throw new CannotTell(`LVM does not know the setting ${key}: ${stderr.trim()}`);
    const text = stdout.trim();
    return text === '' ? undefined : text.slice(text.indexOf('=') + 1);
  });
}

/** Leaves with 75 unless the file is as it was. */
export function guardOf(path: string, file: ConfigFile | undefined): ShellText {
  return file ? sh`[ "$(sha256sum <${path})" = ${file.hash} ] || exit 75` : sh`[ ! -e ${path} ] || exit 75`;
}

/** Puts the new file in the place of the old one, with its owner and mode. */
export function install(
  path: string,
  put: string,
  { group, mode, user }: Pick<ConfigFile, 'group' | 'mode' | 'user'> = { mode: '644', user: '0', group: '0' },
): ShellText {
  return sh`chown ${user}:${group} ${put} && chmod ${mode} ${put} && mv -f ${put} "$(readlink -f ${path})"`;
}
