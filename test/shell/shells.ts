import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** The shells that hosts have, as far as this machine has them. */
export const shells: readonly { readonly name: string; readonly argv: readonly string[] }[] = [
  { name: 'sh', argv: ['/bin/sh'] },
  { name: 'dash', argv: ['/bin/dash'] },
  { name: 'bash', argv: ['/bin/bash'] },
  { name: 'busybox ash', argv: ['/bin/busybox', 'sh'] },
].filter(({ argv }) => existsSync(argv[0]!));

/** Runs a text as the stdin of a live shell, as a session does, and gives what it printed. */
export function runShell(argv: readonly string[], text: string): { stdout: Buffer; stderr: Buffer; status: number } {
  const [program, ...args] = argv;
  const { stdout, stderr, status, error } = spawnSync(program!, args, { input: text, env: { PATH: process.env.PATH } });
  if (error) throw error;
  return { stdout, stderr, status: status ?? -1 };
}
