import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { program } from '../program.ts';
import { workshop } from './cli.ts';

const { path, write } = workshop();

/**
 * Loaded before the program: whoever connects to a host waits for ever, and nothing keeps the
 * process.
 */
const neverConnects = `
import net from 'node:net';
import { syncBuiltinESMExports } from 'node:module';
net.connect = () => new net.Socket();
syncBuiltinESMExports();
`;

/** Runs a command in which connections never come about. */
function runStuck(...words: readonly string[]): { readonly exitCode: number | null; readonly text: string } {
  const site = '- hosts: all\n  tasks:\n    - {name: look, command: uptime}\n';
  write({ 'never.mjs': neverConnects, 'site.yml': site, hosts: 'hv1\nhv2 ansible_connection=local\n' });
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', path('never.mjs'), program, ...words, '-i', 'hosts'],
    { cwd: path('.'), env: { PATH: process.env.PATH, HOME: path('.'), NO_COLOR: '1' }, encoding: 'utf8', input: '' },
  );
  return { exitCode: status, text: stdout + stderr };
}

describe('a wait that cannot end', () => {
  it('ends a run with 250, what it waits for, and the recap of all hosts', () => {
    const { exitCode, text } = runStuck('play', 'site.yml');
    assert.equal(exitCode, 250, text);
    assert.match(text, /please report it: .* It waits for: hv1 in task "look" \(site\.yml:3\)\./);
    assert.match(text, /RECAP[\s\S]*hv1[\s\S]*hv2 .*ok=1/);
  });

  it('ends other commands with 250, too', () => {
    const { exitCode, text } = runStuck('facts', 'hv1', 'os');
    assert.equal(exitCode, 250, text);
    assert.match(text, /A defect in Hostwright/);
  });
});
