import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

/**
 * What connections through the program ssh have left where they have their control sockets: their
 * directories, and processes of ssh that name such a socket.
 */
export function leftBySsh(folder: string): readonly string[] {
  const processes = spawnSync('pgrep', ['-af', 'hw-ssh-'], { encoding: 'utf8' }).stdout.split('\n');
  return [
    ...readdirSync(folder).filter(name => name.startsWith('hw-ssh-')),
    ...processes.filter(line => line.includes(folder) && line.includes('control')),
  ];
}
