import { sh } from '../../shell/quote.ts';
import type { Way } from './ssh-program-way.ts';

/**
 * ssh runs commands of its configuration with the shell of the user (ssh(1), SHELL), which may be
 * one that runs nothing.
 */
export const programEnvironment: Readonly<Record<string, string>> = { SHELL: '/bin/sh' };

/**
 * With INFO ssh says why a login failed, and shows the banner of the host (ssh_config(5),
 * LogLevel).
 */
type LogLevel = 'INFO' | 'ERROR';

/**
 * Arguments of ssh for a host, with its name. Of two values of a setting ssh takes the first
 * (ssh_config(5)), so what the inventory and the command line say comes before
 * `ansible_ssh_common_args`. Nothing is asked for, forwarded or left running.
 * @param logLevel what ssh says, and the ssh of each jump host
 */
export function programArguments(way: Way, logLevel: LogLevel): readonly string[] {
  const { target, settings } = way;
  const { knownHostsFiles } = settings;
  // What cannot be remembered would be accepted each time, whichever key it is.
  const acceptNew = settings.acceptNew && knownHostsFiles.length > 0;
  return [
    '-T',
    '-a',
    '-x',
    ...option('LogLevel', logLevel),
    ...option('BatchMode', 'yes'),
    ...option('ClearAllForwardings', 'yes'),
    ...option('RemoteCommand', 'none'),
    // What it prints would get among the bytes of a channel.
    ...option('PermitLocalCommand', 'no'),
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
    ...proxy(way, logLevel),
    ...(target.user === undefined ? [] : ['-l', target.user]),
    ...(target.port === undefined ? [] : ['-p', String(target.port)]),
    ...withoutJump(target.sshArguments),
    '--',
    target.address,
  ];
}

/**
 * How ssh gets to the host. The ssh that `ProxyJump` would start for a jump host checks keys as the
 * configuration says (ssh.c, "If ProxyJump option specified"); ours checks them as for hosts.
 */
function proxy({ settings, hop }: Way, logLevel: LogLevel): readonly string[] {
  if (hop) return option('ProxyCommand', proxyCommand(hop, logLevel));
  // A host that is its own jump host is reached directly, which ssh would call a loop.
  return settings.proxyCommand === undefined ? option('ProxyJump', 'none') : [];
}

/**
 * Only the name and port of the host behind the jump host are for ssh to expand in it
 * (ssh_config(5), TOKENS).
 */
function proxyCommand(hop: Way, logLevel: LogLevel): string {
  // A master that the user has opened is used; none is left running.
  const words = [...option('ControlMaster', 'no'), ...programArguments(hop, logLevel)];
  return `${sh`ssh -W ${'[%h]:%p'}`.text} ${sh`${words}`.text.replaceAll('%', '%%')}`;
}

/** Without `-J`, which ssh does not take next to a ProxyCommand: it is among the settings. */
function withoutJump(words: readonly string[]): readonly string[] {
  return words.filter((word, at) => !word.startsWith('-J') && words[at - 1] !== '-J');
}

function option(name: string, value: string): readonly string[] {
  return ['-o', `${name}=${value}`];
}

/** A path as ssh_config(5) quotes it; its tokens have been expanded already. */
function fileName(path: string): string {
  return `"${path.replaceAll('%', '%%').replace(/["\\]/g, '\\$&')}"`;
}
