#!/usr/bin/env node
// Plain JavaScript that any Node can parse: it says which Node is needed before anything newer is loaded.
// A clone runs the TypeScript sources; an installed package runs dist/, because Node strips no types under node_modules.
import { existsSync, readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `hostwright needs Node 22.18 or newer; this is Node ${process.versions.node} (${process.execPath}).\n` +
      'In a clone, "npx hostwright" and the npm scripts use the pinned Node 24 once "npm install" has run.\n',
  );
  process.exit(5);
}
if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  process.stdout.write(`${version}\n`);
  process.exit();
}
// Types are stripped and code compiled once, not at each start. In a folder of the user's own: what lies there is run.
nodeModule.enableCompileCache(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hostwright', 'compile'));
const built = new URL('../dist/cli.js', import.meta.url);
const source = new URL('../src/cli.ts', import.meta.url);
await import(existsSync(source) && !import.meta.url.includes('/node_modules/') ? source.href : built.href);
