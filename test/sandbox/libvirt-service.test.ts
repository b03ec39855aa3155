import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { inSandboxes } from './sandbox.ts';

const handlers = parse(readFileSync('roles/hugepages/handlers/main.yml', 'utf8'), {
  customTags: [{ tag: '!expr', resolve: (text: string) => text }],
}) as { name: string; shell?: { cmd: string } }[];
const asks = handlers.find(({ name }) => name === 'Which services of libvirt run')!.shell!.cmd;

inSandboxes(
  'the service of libvirt that the role hugepages restarts',
  sandbox => {
    const units = ['libvirtd', 'virtqemud'];

    before(() => {
      const unit = '[Unit]\\nDefaultDependencies=no\\n[Service]\\nExecStart=sleep 9999\\n';
      for (const name of units)
        sandbox().run(`mkdir -p /run/systemd/system; printf '${unit}' >/run/systemd/system/${name}.service`);
      sandbox().run('systemctl daemon-reload');
    });

    it('is the one that runs, and none where none does', () => {
      const { run } = sandbox();
      assert.equal(run(asks), '');
      for (const name of units) {
        run(`systemctl start ${name}`);
        assert.equal(run(asks), `${name}\n`);
        run(`systemctl stop ${name}`);
      }
    });
  },
  { systemd: true },
);
