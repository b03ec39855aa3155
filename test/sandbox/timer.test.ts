import assert from 'node:assert/strict';
import { join } from 'node:path';
import { sh } from '../../src/shell/quote.ts';
import { program } from '../program.ts';
import { inSandboxes } from './sandbox.ts';

const repository = join(import.meta.dirname, '../..');
const node = process.execPath.replace(`${repository}/`, '/run/repository/');

inSandboxes(
  'a timer that is installed',
  sandbox => {
    const folder = '/srv/fleet';
    const unit = 'hostwright-drift-site';
    // The units have a /tmp of their own, where the state of the tests would be.
    const hostwright = sh`env -u XDG_STATE_HOME ${node} /run/hostwright/bin/hostwright.js`.text;

    before(() => {
      sandbox().run(`mkdir -p ${folder} && cd ${folder} &&
echo 'all: {hosts: {h1: {ansible_connection: local}}}' >inventory.yml &&
echo '- {hosts: all, tasks: [{name: It, copy: {content: right, dest: ${folder}/it}}]}' >site.yml`);
    });

    it('is taken by systemd, which runs the command in its folder, and takes a deviation for success', () => {
      const { run } = sandbox();
      const told = run(`cd ${folder} && ${hostwright} timer drift site.yml --system --install 2>&1`);
      assert.match(told, new RegExp(`systemctl enable --now ${unit}\\.timer`));
      assert.equal(run(`systemctl is-enabled ${unit}.timer`), 'enabled\n');
      assert.equal(run(`systemctl is-active ${unit}.timer`), 'active\n');
      run(`systemctl start ${unit}.service`);
      const shown = run(`systemctl show ${unit}.service -p Result -p ExecMainStatus -p User`);
      assert.deepEqual(shown.trim().split('\n').toSorted(), ['ExecMainStatus=3', 'Result=success', 'User=root']);
      const runs = run(`cd ${folder} && HOME=/root ${hostwright} history --json`);
      const [entry] = runs
        .trim()
        .split('\n')
        .map(line => JSON.parse(line) as Record<string, unknown>);
      assert.equal(entry?.check, true, runs);
      assert.equal(run(`test -e ${folder}/it || echo absent`), 'absent\n');
    });

    it('fails where the command fails, so that systemd tells of it', () => {
      const { run } = sandbox();
      run(`echo '- {hosts: none}' >${folder}/site.yml`);
      run(`systemctl start ${unit}.service || :`);
      assert.match(run(`systemctl show ${unit}.service -p Result`), /^Result=exit-code$/m);
    });
  },
  { systemd: true, shows: { repository, hostwright: join(program, '../..') } },
);
