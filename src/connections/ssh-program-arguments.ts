import type { Target } from './connection.ts';
import type { SshSettings } from './ssh-config.ts';

/**
 * ssh runs commands of its configuration with the shell of the user (ssh(1), SHELL), which may be
 * one that runs nothing.
 */
export const programEnvironment: Readonly<Record<string, string>> = { SHELL: '/bin/sh' };

/**
 * Arguments of ssh for a host, up to the host's name. Of two values of a setting ssh takes the first
 * (ssh_config(5)), so what the inventory and the command line say comes before
 * `ansible_ssh_common_args`. Nothing is asked for, forwarded or left running.
 */
export function programArguments(target: Target, settings: SshSettings): readonly string[] {
  const { knownHostsFiles } = settings;
  // What cannot be remembered would be accepted each time, whichever key it is.
  const acceptNew = settings.acceptNew && knownHostsFiles.length > 0;
  return [
    '-T',
    '-a',
    '-x',
    ...option('BatchMode', 'yes'),
    ...option('ClearAllForwardings', 'yes'),
    ...option('RemoteCommand', 'none'),
    ...option('ConnectTimeout', String(target.timeout)),
    ...option('ServerAliveInterval', '15'),
    ...option('ServerAliveCountMax', '3'),
    ...option('StrictHostKeyChecking', acceptNew ? 'accept-new' : 'yes'),
    // What else ssh takes for a proof, or goes without.
    ...option('NoHostAuthenticationForLocalhost', 'no'),
    ...option('VerifyHostKeyDNS', 'no'),
    ...option('UserKnownHostsFile', knownHostsFiles.map(fileName).join(' ') || '/dev/null'),
    ...option('GlobalKnownHostsFile', '/dev/null'),
    ...(target.privateKeyFiles.length > 0 ? option('IdentitiesOnly', 'yes') : []),
    ...(target.privateKeyFiles.length > 0 ? settings.identityFiles : []).flatMap(file =>
      option('IdentityFile', fileName(file)),
    ),
    ...(target.jump === undefined ? [] : ['-J', target.jump]),
    ...(target.user === undefined ? [] : ['-l', target.user]),
    ...(target.port === undefined ? [] : ['-p', String(target.port)]),
    ...target.sshArguments,
    '--',
  ];
}

function option(name: string, value: string): readonly string[] {
  return ['-o', `${name}=${value}`];
}

/** A path as ssh_config(5) quotes it; its tokens have been expanded already. */
function fileName(path: string): string {
  return `"${path.replaceAll('%', '%%').replace(/["\\]/g, '\\$&')}"`;
}
