import { spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import type { Target } from '../connection.ts';
import { type ConnectHop, openThroughJumpHosts } from '../jump-hosts.ts';
import type { SshSettings } from '../ssh-config.ts';
import { expandTokens } from '../tokens.ts';
import { writeWholePackets } from './whole-packets.ts';

/**
 * The way to a host through others: jump hosts (ProxyJump) or a program (ProxyCommand); undefined
 * if it is direct.
 */
export async function openProxy(
  target: Target,
  settings: SshSettings,
  connectHop: ConnectHop,
): Promise<Duplex | undefined> {
  if (settings.jump) return openThroughJumpHosts(target, settings, connectHop);
  if (!settings.proxyCommand) return undefined;
  const command = expandTokens(settings.proxyCommand, settings.tokens);
  const child = spawn('/bin/sh', ['-c', `exec ${command}`], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.on('error', () => undefined);
  writeWholePackets(child.stdin);
  return Duplex.from({ readable: child.stdout, writable: child.stdin });
}
