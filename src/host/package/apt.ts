import { join, raw, type ShellText, sh } from '../../shell/quote.ts';

/**
 * What apt-get is told in addition to names and state; the module `package` leaves all of it out.
 */
export interface AptChoices {
  readonly default_release?: string | undefined;
  readonly only_upgrade: boolean;
  readonly allow_downgrade: boolean;
  /** Configuration files go with a package. */
  readonly purge: boolean;
  /** What was installed for others and is not needed any more goes too. */
  readonly autoremove: boolean;
  readonly upgrade?: 'safe' | 'full' | undefined;
  /** The path of a package file. */
  readonly deb?: string | undefined;
}

interface AptTask {
  readonly name: readonly string[];
  readonly state: 'present' | 'absent' | 'latest';
  readonly install_recommends?: boolean;
  readonly apt?: AptChoices;
}

/**
 * The arguments of apt-get for its dry run and for the change alike: options, verb, and the names
 * as the caller has them.
 */
export function aptWords(task: AptTask, names: ShellText): ShellText {
  const { apt, install_recommends } = task;
  return join(
    [
      install_recommends !== undefined && raw(`-o APT::Install-Recommends=${install_recommends}`),
      apt?.default_release !== undefined && sh`-t ${apt.default_release}`,
      apt?.only_upgrade && raw('--only-upgrade'),
      apt?.allow_downgrade && raw('--allow-downgrades'),
      apt?.purge && raw('--purge'),
      apt?.autoremove && (task.name.length > 0 || apt.upgrade !== undefined) && raw('--auto-remove'),
      verb(task, names),
    ],
    ' ',
  );
}

function verb({ name, state, apt }: AptTask, names: ShellText): ShellText {
  if (apt?.deb !== undefined) return sh`install ${apt.deb}`;
  if (apt?.upgrade !== undefined) return raw(apt.upgrade === 'safe' ? 'upgrade --with-new-pkgs' : 'dist-upgrade');
  if (apt?.autoremove && name.length === 0) return raw('autoremove');
  return sh`${raw(state === 'absent' ? 'remove' : 'install')} ${names}`;
}
