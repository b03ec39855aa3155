import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { folderOfRun, makeRunsFolder, runFiles, runIds } from '../../src/journal/folder.ts';
import { finished, makeRun } from '../journal/made-run.ts';
import { eventsFile } from '../journal/scratch.ts';
import { type CommandRun, workshop } from './cli.ts';

const { run, path, write } = workshop();

const local = ['-i', 'h1,h2,', '-c', 'local', '--state', 'state'];
const lastId = () => runIds(path('state')).at(-1) ?? '';
const adHoc = (...words: readonly string[]) => run('run', 'all', 'command', 'true', ...local, ...words);
const play = (...words: readonly string[]) => run('play', 'site.yml', ...local, ...words);

/** A playbook whose change notifies a handler, and whose next task may fail. */
function site(fails: string): void {
  write({
    'site.yml': `
- hosts: all
  gather_facts: false
  tasks:
    - {name: Change, copy: {content: new, dest: "${path('{{ inventory_hostname }}.conf')}"}, notify: Restart}
    - {name: Check, fail: {msg: it is broken}, when: '${fails}'}
  handlers:
    - {name: Restart, shell: "echo it >> ${path('{{ inventory_hostname }}.log')}"}
`,
  });
}

const restarts = (host: string) =>
  existsSync(path(`${host}.log`)) ? readFileSync(path(`${host}.log`), 'utf8').split('\n').length - 1 : 0;

function ends({ exitCode, stdout, stderr }: CommandRun, wanted: number, text = /(?:)/): void {
  assert.equal(exitCode, wanted, stdout + stderr);
  assert.match(stdout + stderr, text);
}

describe('what earlier runs have left to do', function () {
  this.timeout(120_000);

  it('is a handler that a failed run owes: told, kept by others, run by the next that has it', () => {
    site('inventory_hostname == "h1"');
    ends(play(), 2);
    const first = lastId();
    assert.deepEqual([restarts('h1'), restarts('h2')], [0, 1]);
    ends(run('history', first, '--state', 'state'), 0, /Restart/);
    const told = new RegExp(
      `^h1: the handler "Restart", which the run ${first} has left, runs where this run has it$`,
      'm',
    );
    ends(adHoc(), 0, told);
    ends(adHoc('-l', 'h2'), 0);
    assert.doesNotMatch(adHoc('-l', 'h2').stderr, /Restart/);
    // The newest run of a host has taken over what others have left.
    ends(run('play', 'site.yml', ...local, '--check'), 2, /h1: the handler "Restart", which the run \w+ has left/);
    assert.equal(restarts('h1'), 0);
    site('false');
    ends(play(), 0, /h1: the handler "Restart", which the run \w+ has left/);
    assert.deepEqual([restarts('h1'), restarts('h2')], [1, 1]);
    assert.equal(play().stderr, '');
    assert.deepEqual([restarts('h1'), restarts('h2')], [1, 1]);
  });

  it('is a handler of a run that was killed before it came to it', () => {
    site('false');
    ends(play('-l', 'h1'), 0);
    const events = eventsFile(path('state'), lastId());
    const lines = readFileSync(events, 'utf8').split(/(?<=\n)/);
    const handlers = lines.findIndex(line => line.includes('"task.started"') && line.includes('"name":"Restart"'));
    writeFileSync(events, lines.slice(0, handlers).join(''));
    rmSync(`${folderOfRun(path('state'), lastId())}/${runFiles.hash}`);
    ends(play(), 0, /h1: the handler "Restart", which the run \w+ has left/);
    assert.deepEqual([restarts('h1'), restarts('h2')], [2, 1]);
    assert.equal(play().stderr, '');
  });

  it('is a reboot that is due, until the host is in another boot', () => {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const end = finished('h1', 'one');
    const pending = [{ kind: 'reboot', reason: 'kernel parameters hugepages=4' }] as const;
    const madeIn = (id: string, inBoot: string) =>
      makeRun(path('state'), id, {
        exitCode: undefined,
        hosts: { h1: {} },
        events: [
          { type: 'task.changing', host: 'h1', task: end.task, place: end.place, boot: inBoot },
          { ...end, result: { ...end.result, pending } },
        ],
      });
    makeRunsFolder(path('state'));
    madeIn('00001', boot);
    const told = /^h1: a reboot has been due since the run (\w+): kernel parameters hugepages=4$/m;
    ends(adHoc(), 0, told);
    ends(run('history', 'last', '--state', 'state'), 0, /kernel parameters hugepages=4/);
    ends(adHoc(), 0, told);
    for (const id of runIds(path('state'))) rmSync(folderOfRun(path('state'), id), { recursive: true });
    madeIn('00002', 'another-boot');
    ends(adHoc(), 0);
    assert.doesNotMatch(adHoc().stderr, /reboot/);
    assert.doesNotMatch(run('history', 'last', '--state', 'state').stdout, /hugepages=4/);
  });
});
