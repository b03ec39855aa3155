import { plainText, quoted } from './systemd-text.ts';

/** A command that systemd is to run each night. */
export interface Nightly {
  /** Of both units, without their endings. */
  readonly name: string;
  /** The program and its arguments; the program with its whole path. */
  readonly command: readonly string[];
  /** For people: the command as they would type it. */
  readonly title: string;
  /** A whole path. */
  readonly directory: string;
  /** The time of day: `02:30`. */
  readonly at: string;
  /** The user that a unit of the system runs as; absent for a unit of the user's own. */
  readonly user?: string;
}

/** What all units that are written here begin with: others are not overwritten. */
export const mark = '# Written by "hostwright timer".';

/** Units by the names of their files, as systemd.service(5) and systemd.timer(5) have them. */
export function unitsOf(nightly: Nightly): Readonly<Record<string, string>> {
  return {
    [`${nightly.name}.service`]: serviceText(nightly),
    [`${nightly.name}.timer`]: timerText(nightly),
  };
}

function serviceText({ command, title, directory, user }: Nightly): string {
  const [program = '', ...words] = command;
  return textOf({
    Unit: [`Description=${plainText(title)}`, ...(user === undefined ? [] : network)],
    Service: [
      'Type=oneshot',
      // The home of a user, in which keys and state are, is known only where the user is named.
      ...(user === undefined ? [] : [`User=${user}`]),
      `WorkingDirectory=${directory.replaceAll('%', '%%')}`,
      `ExecStart=:${[program, ...words].map(quoted).join(' ')}`,
      // Something deviates: that is what it was asked.
      'SuccessExitStatus=3',
      'Restart=no',
      'TimeoutStartSec=4h',
      'UMask=0077',
      ...hardening,
      ...(user === undefined ? [] : hardeningOfSystem),
    ],
  });
}

const network = ['Wants=network-online.target', 'After=network-online.target'];

/** What ssh and a state folder in the home can do without, also under a user's own systemd. */
const hardening = ['NoNewPrivileges=yes', 'LockPersonality=yes', 'RestrictRealtime=yes', 'RestrictSUIDSGID=yes'];

/** What only the systemd of the system can take away. */
const hardeningOfSystem = [
  'PrivateTmp=yes',
  'ProtectClock=yes',
  'ProtectControlGroups=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelTunables=yes',
  'ProtectSystem=full',
];

function timerText({ title, at }: Nightly): string {
  return textOf({
    Unit: [`Description=Each night: ${plainText(title)}`],
    Timer: [`OnCalendar=*-*-* ${at}:00`, 'RandomizedDelaySec=15min', 'Persistent=true'],
    Install: ['WantedBy=timers.target'],
  });
}

function textOf(sections: Readonly<Record<string, readonly string[]>>): string {
  const parts = Object.entries(sections).map(([name, lines]) => `[${name}]\n${lines.join('\n')}\n`);
  return `${mark}\n${parts.join('\n')}`;
}
