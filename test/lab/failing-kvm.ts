// A QEMU whose KVM fails the way it does on some machines: the firmware runs, and then QEMU stops the
// machine with "internal-error". Nothing in it is a mock: a real QEMU is told to go on from the
// memory of a machine that was in this state. Its sh script runs this file to make that memory:
//   node failing-kvm.ts MEMORY QEMU ARGUMENT…
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { migrationEnd, withQmp } from './qmp.ts';

/** Makes a QEMU in an empty directory of another one whose `-accel kvm` fails. `-accel tcg` works as ever. */
export function makeFailingQemu(qemu: string, directory: string): void {
  const loader = 'ld-linux-x86-64.so.2';
  mkdirSync(join(directory, 'lib'), { recursive: true });
  for (const name of readdirSync(qemu)) if (name !== 'lib') symlinkSync(join(qemu, name), join(directory, name));
  for (const name of readdirSync(join(qemu, 'lib'))) {
    if (name !== loader) symlinkSync(join(qemu, 'lib', name), join(directory, 'lib', name));
  }
  const script = `#!/bin/sh
case " $* " in
  *' -accel kvm '*) ;;
  *) exec '${join(qemu, 'lib', loader)}' "$@" ;;
esac
memory=$(mktemp)
skip=
for argument; do
  shift
  case $argument in
    -incoming) skip=yes; continue ;;
    kvm) argument=tcg ;;
  esac
  if [ "$skip" ]; then skip=; continue; fi
  set -- "$@" "$argument"
done
'${process.execPath}' '${import.meta.filename}' "$memory" '${join(qemu, 'lib', loader)}' "$@" || exit
echo 'KVM internal error. Suberror: 1' >&2
exec '${join(qemu, 'lib', loader)}' "$@" -incoming "exec:cat $memory; rm -f $memory"
`;
  writeFileSync(join(directory, 'lib', loader), script, { mode: 0o755 });
}

/** Saves the memory of this machine as it is before its first instruction, in the state "internal-error". */
async function saveFailed([memory, qemu, ...args]: string[]): Promise<void> {
  const socket = `${memory}.qmp`;
  const others = args.map(argument => (argument.startsWith('unix:') ? `unix:${socket},server=on,wait=off` : argument));
  const child = spawn(qemu as string, [...others, '-S'], { stdio: 'inherit' });
  const ended = once(child, 'exit');
  while (!existsSync(socket) && child.exitCode === null) await setTimeout(20);
  await withQmp(socket, async qmp => {
    await qmp.execute('migrate', { uri: `exec:cat > '${memory}'` });
    await migrationEnd(qmp);
    await qmp.execute('quit').catch(() => undefined); // it may end before it answers
  });
  await ended;
  const bytes = readFileSync(memory as string);
  writeState(bytes, 'internal-error');
  writeFileSync(memory as string, bytes);
}

/** The section "globalstate" of a migration: the length of the name of the state, and a hundred bytes for it. */
function writeState(bytes: Buffer, state: string): void {
  const at = bytes.indexOf('prelaunch\0', bytes.indexOf('globalstate'));
  if (at < 0) throw new Error('the memory does not say in which state its machine was');
  bytes.writeUInt32BE(state.length + 1, at - 4);
  bytes.write(`${state}\0`, at, 'latin1');
}

if (import.meta.main) await saveFailed(process.argv.slice(2));
