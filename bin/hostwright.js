#!/usr/bin/env node
// Plain JavaScript that any Node from 18 up can parse: it finds a Node that can run Hostwright before anything newer is
// loaded. A clone runs the TypeScript sources; an installed package runs dist/, because Node strips no types under
// node_modules.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { constants, homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const usage = 5;
const root = fileURLToPath(new URL('..', import.meta.url));
const isClone = existsSync(join(root, 'src/cli.ts')) && !root.includes('/node_modules/');
const pinned = join(root, 'node_modules/.bin/node');
const words = process.argv.slice(2);

if (process.platform === 'win32') {
  refuse('Hostwright runs on Linux and macOS: it needs /bin/sh and ssh.', 'On Windows, run it in WSL.');
} else if (isClone && !existsSync(join(root, 'node_modules/commander'))) {
  refuse('The npm packages of this clone are not installed.', `Run "npm ci" in ${root} first.`);
} else if (isNewEnough()) {
  await start();
} else if (isClone && existsSync(pinned) && realpathSync(pinned) !== realpathSync(process.execPath)) {
  handOver(pinned);
} else {
  refuse(
    `hostwright needs Node 22.18 or newer; this is Node ${process.versions.node} (${process.execPath}).`,
    'Install a newer Node, from https://nodejs.org or with "npm install -g node@24".',
  );
}

function isNewEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

function refuse(message, hint) {
  process.stderr.write(`${message}\n  ${hint}\n`);
  process.exitCode = usage;
}

async function start() {
  if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    process.stdout.write(`${version}\n`);
    return;
  }
  // Types are stripped and code compiled once, not at each start. The cache is run, so it is in a folder of the user's.
  const { XDG_CACHE_HOME: given = '' } = process.env;
  const cache = isAbsolute(given) ? given : join(homedir(), '.cache');
  nodeModule.enableCompileCache(join(cache, 'hostwright', 'compile'));
  await import(new URL(isClone ? '../src/cli.ts' : '../dist/cli.js', import.meta.url).href);
}

/** Runs the same command with another Node, which gets the signals of this process, and ends as it ends. */
function handOver(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...words], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both processes; the child takes two at once for one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', error => refuse(`${node} cannot be started: ${error.message}`, `Run "npm ci" in ${root} again.`));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}
