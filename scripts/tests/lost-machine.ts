import type { Outcome } from './mocha.ts';

/**
 * What test/lab/watch.ts says of a machine that stopped answering for no reason of its own: it
 * runs, or its emulator has stopped it. A kernel that gave up, or a machine that was turned off, is
 * another matter: that may be what is tested.
 */
const signs = [/The VM runs; the last line of its console/, /QEMU has stopped the VM \((io|internal)-error/];

/**
 * Why tests on a machine failed, where it was the machine that was lost; undefined for any other
 * failure.
 */
export function lostMachine({ failures }: Outcome): string | undefined {
  const lines = failures.flatMap(({ message }) => message.split('\n'));
  return lines.find(line => signs.some(sign => sign.test(line)));
}
