// Installs the npm packages where they are missing or out of date, on any Node from 20 up, before anything else of the
// project is loaded. The npm scripts call it first; after it, "node" is the Node 24 of node_modules/.bin.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const lock = readFileSync('package-lock.json', 'utf8');
const installed = 'node_modules/.installed-from';
if (existsSync(installed) && readFileSync(installed, 'utf8') === lock) process.exit(0);

process.stderr.write('Installing npm packages …\n');
// Not "npm ci": it refuses a lock file without the optional packages of platforms that a registry does not have.
const { status, error } = spawnSync('npm', ['install', '--no-save', '--loglevel=error'], { stdio: ['ignore', 2, 2] });
if (error) process.stderr.write(`npm could not be started: ${error.message}\n`);
if (status === 0) writeFileSync(installed, lock);
process.exit(status ?? 1);
