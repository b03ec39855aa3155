import assert from 'node:assert/strict';
import type { Before, Replacement } from '../../src/journal/replaced.ts';
import { expression } from '../../src/language/source.ts';
import { notKept, restorePlay } from '../../src/restore/restore-play.ts';

const name = { id: 't1', name: 'Config', module: 'copy', handler: false, at: 'site.yml:1' };
const root = { user: 'root', method: 'sudo' };

function replacement(number: number, subject: string, hosts: Readonly<Record<string, Before>>): Replacement {
  return { number, task: name, subject, hosts: new Map(Object.entries(hosts)) };
}

const file = (path: string, kept?: string): Before => ({
  was: { kind: 'file', path, size: 4, mode: '0644', uid: 0, gid: 0, ...(kept !== undefined && { kept }) },
  left: [],
});

function play(replacements: readonly Replacement[], hosts: readonly string[] = ['h1', 'h2']) {
  return restorePlay({ run: 'r1', replacements, hosts, changedSince: false }) as {
    readonly hosts: string;
    readonly vars: { readonly restored: Readonly<Record<string, Readonly<Record<string, object>>>> };
    readonly tasks: readonly Readonly<Record<string, unknown>>[];
  };
}

describe('the play that puts back what a run replaced', () => {
  it('goes from the last to the first, and takes of each host what it had first', () => {
    const { tasks, vars } = play([
      replacement(1, '/a', { h1: file('/a', 'a1') }),
      replacement(2, '/b', { h1: file('/b', 'b1') }),
      replacement(3, '/a', { h1: file('/a', 'a2'), h2: file('/a', 'a3') }),
    ]);
    assert.deepEqual(
      tasks.map(task => task.name),
      ['3: /a', '2: /b', '1: /a'],
    );
    assert.deepEqual(Object.keys(vars.restored['3.0'] ?? {}), ['h2']);
    assert.deepEqual(vars.restored['1.0']?.h1, {
      ...{ path: '/a', kept: 'a1', size: 4, mode: '0644', uid: 0, gid: 0, sha256: null },
      ...{ run: 'r1', left: [], changed_since: false },
    });
    const { kept } = (tasks[0]?.restore_file ?? {}) as Record<string, unknown>;
    assert.deepEqual(kept, expression('restored["3.0"][inventory_hostname].kept'));
  });

  it('becomes whom the run had become, each host its own, whatever the command line says', () => {
    const both = { h1: { ...file('/a', 'a1'), become: root }, h2: file('/a', 'a2') };
    const { tasks } = play([replacement(1, '/a', both)]);
    assert.deepEqual(
      tasks.map(({ become, become_user, become_method, when }) => [become, become_user, become_method, when]),
      [
        [false, undefined, undefined, 'inventory_hostname in restored["1.1"]'],
        [true, 'root', 'sudo', 'inventory_hostname in restored["1.0"]'],
      ],
    );
  });

  it('defines a domain again, sets parameters as they were, and leaves what was not kept', () => {
    const domain: Before = {
      was: { kind: 'domain', name: 'vm1', uri: 'qemu:///system', sha256: 'x' },
      left: ['y'],
    };
    const parameters: Before = {
      was: { kind: 'kernel parameters', parameters: ['hugepages=2'], absent: ['nosmt'] },
      left: [],
    };
    const all = [
      replacement(1, 'domain vm1', { h1: domain }),
      replacement(2, 'kernel parameters hugepages nosmt', { h1: parameters }),
      replacement(3, '/large', { h1: file('/large') }),
    ];
    const { tasks, vars } = play(all);
    assert.deepEqual(
      tasks.map(task => Object.keys(task).at(-1)),
      ['kernel_cmdline', 'restore_domain'],
    );
    assert.deepEqual(vars.restored['2.0']?.h1, { parameters: ['hugepages=2'], absent: ['nosmt'] });
    assert.deepEqual(vars.restored['1.0']?.h1, {
      ...{ name: 'vm1', uri: 'qemu:///system', sha256: 'x', run: 'r1', left: ['y'], changed_since: false },
    });
    assert.deepEqual(
      notKept(all).map(({ subject, hosts }) => [subject, ...hosts.keys()]),
      [['/large', 'h1']],
    );
  });

  it('is only for hosts that can be reached', () => {
    const { hosts, vars } = play([replacement(1, '/a', { h1: file('/a', 'a1'), h2: file('/a', 'a2') })], ['h2']);
    assert.equal(hosts, 'h2');
    assert.deepEqual(Object.keys(vars.restored['1.0'] ?? {}), ['h2']);
  });
});
