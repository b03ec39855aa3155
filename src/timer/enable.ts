import { spawnSync } from 'node:child_process';
import { exitCodes, HostwrightError } from '../errors.ts';
import { quote } from '../shell/quote.ts';

/** Milliseconds that systemctl may take. */
const limit = 30_000;

/**
 * Makes systemd read its units again, and begin with a timer.
 * @param ofUser whether it is the user's own systemd
 * @param tell is told each command before it is run
 * @throws HostwrightError `timer.systemctl`
 */
export function enableTimer(name: string, ofUser: boolean, tell: (command: string) => void): void {
  const scope = ofUser ? ['--user'] : [];
  for (const words of [['daemon-reload'], ['enable', '--now', `${name}.timer`]]) {
    const command = ['systemctl', ...scope, ...words];
    tell(command.map(quote).join(' '));
    run(command);
  }
}

function run([program = '', ...words]: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, words, {
    encoding: 'utf8',
    stdio: ['ignore', 'inherit', 'pipe'],
    timeout: limit,
  });
  if (status === 0) return;
  const why = error?.message ?? (stderr.trim() || `it ended with ${status}`);
  throw new HostwrightError('timer.systemctl', `${program} ${words.join(' ')} failed: ${why}`, {
    hint: 'The units are written. Once systemd answers, run it yourself.',
    exitCode: exitCodes.failed,
  });
}
