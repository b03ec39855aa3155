// npm start: a stock hypervisor in its own VM, tuned by playbooks/site.yml twice: changed, then ok.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { serveIso } from '../test/lab/iso-server.ts';
import { type Lab, startLab } from '../test/lab/lab.ts';
import { labObstacle } from '../test/lab/obstacle.ts';
import { showProgress } from '../test/lab/progress.ts';
import { type Shape, shapes } from '../test/lab/shapes.ts';
import { ensurePackages, packagesOf } from './packages.ts';

const help = `npm start [-- --shape small|nodes|numa]

Builds and boots the lab, a Debian hypervisor in a VM, and runs playbooks/site.yml against it twice. The first time takes
some two minutes longer: the image is built and cached. The lab goes on running: see npm run lab -- --help.
`;

const playbook = 'playbooks/site.yml';

let interrupted = false;
// What runs in the foreground gets the signal too and ends; what waits for it fails and cleans up.
process.on('SIGINT', () => {
  interrupted = true;
});
process.exitCode = await main();
if (interrupted) process.exitCode = 99;

async function main(): Promise<number> {
  const options = { shape: { type: 'string', default: 'numa' }, help: { type: 'boolean', short: 'h' } } as const;
  const { values } = parseArgs({ options });
  if (values.help || !shapes.includes(values.shape as Shape)) {
    process.stderr.write(help);
    return values.help ? 0 : 5;
  }
  const { advice } = ensurePackages(packagesOf.lab ?? []);
  const obstacle = labObstacle('13');
  if (obstacle) return onlyLook(advice ? `${obstacle}; ${advice}` : obstacle);
  let lab: Lab;
  try {
    lab = await startLab({ shape: values.shape as Shape, progress: showProgress() });
  } catch (error) {
    if (interrupted) return 99;
    return onlyLook((error as Error).message);
  }
  if (interrupted) {
    await lab.stop();
    return 99;
  }
  return tune(lab);
}

async function tune(lab: Lab): Promise<number> {
  const report = join(lab.directory, 'run.jsonl');
  // The lab has no way out: a small image replaces the driver image, with its own hash.
  const image = await serveIso('virtio-win-0.1.271.iso');
  const vars = ['-e', `iso_url=${image.url}`, '-e', `iso_sha256=${image.sha256}`];
  // An emulated hypervisor takes its time, the more so on a busy machine.
  const options = ['--allow', 'reboot,guest-restart', '--yes', '--task-timeout', '1800'];
  const arguments_ = ['play', playbook, '-i', lab.inventoryFile, ...vars, ...options];
  say(`${playbook} against a stock hypervisor: expect changed, and a reboot at the end`);
  let code = await hostwright([...arguments_, '--report', report]);
  if (code === 0) {
    say('The same again: expect ok, and nothing changed');
    code = await hostwright([...arguments_, '--report', join(lab.directory, 'run-again.jsonl')]);
  }
  await image.stop();
  say(code === 0 ? 'Done.' : `hostwright ended with exit code ${code}.`);
  process.stderr.write(`  report      ${report}
  log in      npm run lab -- ssh
  inventory   ${lab.inventoryFile}
  end it      npm run lab -- down
`);
  return code;
}

/** Where no lab can run: the same playbook, in check mode, against this machine. It only reads. */
function onlyLook(why: string): Promise<number> {
  process.stderr.write(`The lab cannot run here: ${why}\n`);
  say(`${playbook} in check mode against this machine, which only reads`);
  return hostwright(['play', playbook, '--check', '-i', 'playbooks/inventory/this-machine.yml']);
}

async function hostwright(arguments_: string[]): Promise<number> {
  process.stderr.write(`$ hostwright ${arguments_.join(' ')}\n`);
  const child = spawn(process.execPath, ['bin/hostwright.js', ...arguments_], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  return typeof code === 'number' ? code : 99;
}

function say(text: string): void {
  process.stderr.write(`\n${text}\n`);
}
