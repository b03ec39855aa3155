import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { isRunning, readInstance, sshAccess } from './instance.ts';
import { findLab, type Lab, prepareLabs, startLab, stopLab } from './lab.ts';
import { showProgress } from './progress.ts';
import { type Release, releases } from './recipe.ts';
import { type Shape, shapes } from './shapes.ts';
import { sshArguments } from './ssh.ts';

const help = `A real hypervisor in a VM, to try things on.

  npm run lab -- up [--shape small|nodes|numa] [--release 13|12]   build what is missing, and start it
  npm run lab -- status                                      where it is and how to log in
  npm run lab -- ssh [COMMAND…]                              log in as root, or run a command
  npm run lab -- reset                                       back to the freshly booted, stock system
  npm run lab -- down                                        turn it off and remove its disks
  npm run lab -- build [--shape …]… [--release 13|12]        only build, and boot these shapes once, or all

  --name NAME   one of several labs (default: lab); stands before "ssh"

Images are cached in $HOSTWRIGHT_LAB_DIR, else in \${XDG_CACHE_HOME:-~/.cache}/hostwright/lab.
`;

class UsageError extends Error {}

let interrupted = false;
// The programs that run in the foreground get the signal too and end; what waits for them fails and
// cleans up.
process.on('SIGINT', () => {
  interrupted = true;
});
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = error instanceof UsageError ? 5 : 1;
}
if (interrupted) process.exitCode = 130;

async function main(argv: string[]): Promise<number> {
  const end = argv.indexOf('ssh') + 1; // what follows belongs to the command
  const { positionals, values } = readOptions(end ? argv.slice(0, end) : argv);
  const [command] = positionals;
  const { name, release } = values;
  const named = values.shape as Shape[];
  const [shape = 'small'] = named;
  if (values.help || command === undefined) {
    process.stdout.write(help);
    return values.help ? 0 : 5;
  }
  if (named.some(one => !shapes.includes(one))) throw new UsageError(`--shape is one of ${shapes.join(', ')}`);
  if (!releases.includes(release as Release)) throw new UsageError(`--release is one of ${releases.join(', ')}`);
  switch (command) {
    case 'build':
      await prepareLabs(release as Release, named.length > 0 ? named : shapes, showProgress());
      return 0;
    case 'up': {
      const running = findLab(name);
      if (running) process.stderr.write('It runs already ("reset" gives a fresh one, "down" ends it).\n');
      const options = { name, shape, release: release as Release, progress: showProgress() };
      const lab = running ?? (await startLab(options));
      if (interrupted) await lab.stop();
      else describe(lab);
      return 0;
    }
    case 'status': {
      const lab = findLab(name);
      if (lab) describe(lab);
      else process.stdout.write(`The lab "${name}" does not run.\n`);
      return lab ? 0 : 1;
    }
    case 'ssh':
      return logIn(name, argv.slice(end));
    case 'reset': {
      const lab = findLab(name);
      if (!lab) throw new UsageError(`The lab "${name}" does not run: start it with "up".`);
      await lab.reset();
      describe(lab);
      return 0;
    }
    case 'down':
      process.stderr.write((await stopLab(name)) ? `The lab "${name}" is gone.\n` : `There is no lab "${name}".\n`);
      return 0;
    default:
      throw new UsageError(`There is no command "${command}": see --help.`);
  }
}

function readOptions(args: string[]) {
  const text = (value: string) => ({ type: 'string', default: value }) as const;
  const options = {
    ...{ name: text('lab'), release: text('13') },
    shape: { type: 'string', multiple: true, default: [] as string[] },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}: see --help.`);
  }
}

function logIn(name: string, command: string[]): number {
  const instance = readInstance(name);
  if (!isRunning(instance)) throw new UsageError(`The lab "${name}" does not run: start it with "up".`);
  return spawnSync('ssh', [...sshArguments(sshAccess(instance)), ...command], { stdio: 'inherit' }).status ?? 1;
}

function describe(lab: Lab): void {
  const name = lab.name === 'lab' ? '' : `--name ${lab.name} `; // before "ssh": what follows it is the command
  process.stdout.write(`The lab "${lab.name}" runs: Debian ${lab.release}, shape ${lab.shape}, SSH on 127.0.0.1:${lab.port}.
  log in      npm run lab -- ${name}ssh
  inventory   ${lab.inventoryFile}
  console     ${lab.consoleLog}
`);
}

/** The chain of causes, one a line. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const missing = 'code' in error && error.code === 'ENOENT' && 'syscall' in error;
  const hint =
    missing && String(error.syscall).startsWith('spawn') ? '\n  install it: node scripts/packages.ts lab' : '';
  return error.message + hint + (error.cause ? `\n  ${explain(error.cause)}` : '');
}
