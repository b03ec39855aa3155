// A QEMU whose KVM fails: it stops the machine, with "internal-error" as on machines whose KVM meets
// an instruction that it does not know, or in another state. Nothing in it is a mock: a real QEMU is
// told to go on from the memory of a machine that was in this state. Its sh script runs this file to
// make that memory:
//   node failing-kvm.ts STATE MEMORY QEMU ARGUMENT…
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { migrationEnd, withQmp } from './qmp.ts';

/**
 * Makes a QEMU in an empty directory, of another one. Its machines with `-accel kvm` are stopped in
 * this state, in the words of QMP's RunState; those with `-accel tcg` work as always.
 */
export function makeFailingQemu(qemu: string, directory: string, state = 'internal-error'): void {
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
    6144) argument=160 ;; # MiB: memory is read in full when it is saved
  esac
  if [ "$skip" ]; then skip=; continue; fi
  set -- "$@" "$argument"
done
'${process.execPath}' '${import.meta.filename}' ${state} "$memory" '${join(qemu, 'lib', loader)}' "$@" || exit
echo 'KVM internal error. Suberror: 1' >&2
exec '${join(qemu, 'lib', loader)}' "$@" -incoming "exec:cat $memory; rm -f $memory"
`;
  writeFileSync(join(directory, 'lib', loader), script, { mode: 0o755 });
}

/**
 * Saves the memory of this machine as it is before its first instruction, as if it had been stopped
 * in this state.
 */
async function saveFailed([state = '', memory = '', qemu = '', ...args]: string[]): Promise<void> {
  const socket = `${memory}.qmp`;
  const others = args.map(argument => (argument.startsWith('unix:') ? `unix:${socket},server=on,wait=off` : argument));
  const child = spawn(qemu, [...others, '-S'], { stdio: 'inherit' });
  const ended = once(child, 'exit');
  for (let tries = 0; !existsSync(socket) && child.exitCode === null && tries < 1000; tries += 1) await setTimeout(20);
  await withQmp(socket, async qmp => {
    await qmp.execute('migrate', { uri: `exec:cat > '${memory}'` });
    await migrationEnd(qmp);
    await qmp.execute('quit').catch(() => undefined); // it may end before it answers
  });
  await ended;
  const bytes = readFileSync(memory);
  writeState(bytes, state);
  writeFileSync(memory, bytes);
}

/**
 * The section "globalstate" of a migration: the length of the name of the state, and a hundred
 * bytes for it.
 */
function writeState(bytes: Buffer, state: string): void {
  const at = bytes.indexOf('prelaunch\0', bytes.indexOf('globalstate'));
  if (at < 0) throw new Error('the memory does not say in which state its machine was');
  bytes.writeUInt32BE(state.length + 1, at - 4);
  bytes.write(`${state}\0`, at, 'latin1');
}

if (import.meta.main) await saveFailed(process.argv.slice(2));
