import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { adviceText, reasonsText } from '../../src/advice/advice-text.ts';
import { collectAdvice } from '../../src/advice/collect.ts';
import { playbookText } from '../../src/advice/playbook-text.ts';
import type { NumberedEvent, RunEvent, TaskResult } from '../../src/events/event.ts';
import type { RoleAdvice } from '../../src/language/parse/read-advice.ts';

const roles: RoleAdvice[] = ['disk-io', 'hugepages', 'kvm-host'].map(role => ({
  role,
  parameters: {},
  why: `${role} helps.\n`,
  source: 'a study',
}));

const well: TaskResult = { status: 'ok', message: 'is so', changed: false, diff: [], pending: [], fields: {} };

/** The event of a task of a role (`role: name`), or of the play. */
function task(
  host: string,
  name: string,
  result: Partial<TaskResult>,
  more: { role?: string; module?: string; item?: string } = {},
): RunEvent {
  const { item, module = 'libvirt_domain', role } = more;
  const named = { id: `${role}-${name}`, name, module, handler: false, at: 'x:1', ...(role && { role }) };
  const full = { ...well, ...result };
  if (item !== undefined)
    return { type: 'item.finished', host, task: named, place: '0/0', index: 0, item, result: full };
  return { type: 'task.finished', host, task: named, place: '0/0', result: full, seconds: 1 };
}

function begin(host: string, role: string, parameters: object): RunEvent {
  return task(host, role, { fields: { advised_parameters: parameters } }, { module: 'set_fact' });
}

function adviceOf(events: readonly RunEvent[]) {
  const { hosts, read } = collectAdvice(roles);
  for (const [at, event] of events.entries()) read({ ...event, seq: at + 1, time: '' } as NumberedEvent);
  return hosts();
}

const domains = [{ name: 'vm1' }, { name: 'vm2' }];
const disk = { subject: 'domain vm1', before: 'a\n', after: 'b\n' };

function tuned(host: string): RunEvent[] {
  const waits = { kind: 'guest-restart', subject: 'vm1', reason: 'disk vda' } as const;
  const set = (message: string, more: Partial<TaskResult> = {}) => ({ status: 'changed', message, ...more }) as const;
  return [
    task(host, 'The guests', { fields: { guests: domains } }),
    begin(host, 'disk-io', { domains }),
    task(host, 'Why', { message: 'vm1 vda: native\nvm2 vda: threads' }, { role: 'disk-io', module: 'debug' }),
    task(host, 'Disks', set('disk vda', { diff: [disk], pending: [waits] }), { role: 'disk-io', item: 'vm1' }),
    task(host, 'Disks', set('disk vdb'), { role: 'disk-io', item: 'vm2' }),
    task(host, 'Disks', set('2 of 2 items changed'), { role: 'disk-io' }),
    begin(host, 'hugepages', {}),
    task(host, 'Pages', { status: 'failed', message: 'they do not fit', hint: 'Ask for less.' }, { role: 'hugepages' }),
    begin(host, 'kvm-host', {}),
    task(host, 'Modules', {}, { role: 'kvm-host' }),
  ];
}

describe('advice', () => {
  it('tells by host and guest what would change, what it costs and with which parameters', () => {
    const [host] = adviceOf(tuned('hv1'));
    assert.equal(
      adviceText(host!, () => ''),
      `hv1
  guest vm1
    disk-io (guest restart)
      Disks: disk vda
      vm1 vda: native
      with: {"domains":[{"name":"vm1"}]}

  guest vm2
    disk-io (online)
      Disks: disk vdb
      vm2 vda: threads
      with: {"domains":[{"name":"vm2"}]}

  not as things are
    hugepages: they do not fit. Ask for less.

  as it should be: kvm-host
`,
    );
    assert.equal(reasonsText([host!]), 'why\n  disk-io: disk-io helps.\n    found by: a study\n');
    assert.match(
      adviceText(host!, ({ diff }) => ` ${diff.length} diffs`),
      /disk vda 1 diffs/,
    );
  });

  it('does not advise what a role that refuses has found before', () => {
    const found = adviceOf([
      begin('hv1', 'hugepages', {}),
      task('hv1', 'Install', { status: 'changed', message: '2 to install' }, { role: 'hugepages' }),
      task('hv1', 'Run', { status: 'failed', message: 'no systemd\nhere' }, { role: 'hugepages' }),
    ]);
    assert.equal(
      adviceText(found[0]!, () => ''),
      'hv1\n  not as things are\n    hugepages: no systemd here\n',
    );
    assert.equal(reasonsText(found), '');
    assert.equal(playbookText(found), undefined);
  });

  it('knows a reboot, what cannot be told, and what waits already', () => {
    const reboot = { kind: 'reboot', reason: 'the next boot has other kernel parameters' } as const;
    const [host] = adviceOf([
      task('hv1', 'The guests', { pending: [{ kind: 'guest-restart', subject: 'vm1', reason: 'vm1 waits' }] }),
      begin('hv1', 'hugepages', { total: '4G' }),
      task('hv1', 'Boot', { status: 'changed', message: 'parameters', pending: [reboot] }, { role: 'hugepages' }),
      task('hv1', 'Guests', { status: 'unknown', message: 'depends on it' }, { role: 'hugepages' }),
    ]);
    const text = adviceText(host!, () => '');
    assert.match(text, /hugepages \(host reboot, unknown\)/);
    assert.match(text, /configured already, not in effect\n {4}vm1 waits/);
  });

  it('takes no item for a guest that is none', () => {
    const service = { role: 'kvm-host', item: 'ksm.service' };
    const [host] = adviceOf([
      begin('hv1', 'kvm-host', {}),
      task('hv1', 'Services', { status: 'changed', message: 'runs' }, service),
    ]);
    assert.match(
      adviceText(host!, () => ''),
      /the host\n {4}kvm-host \(online\)\n {6}Services: runs/,
    );
  });

  it('says why parameters could not be worked out, and why a host could not be asked', () => {
    const failed = { status: 'failed', message: 'no such key' } as const;
    const found = adviceOf([
      task('hv1', 'disk-io', failed, { module: 'set_fact' }),
      { type: 'host.unreachable', host: 'hv2', message: 'no route to it' },
      task('hv3', 'The guests', { status: 'failed', message: 'virsh is away' }),
      task('hv3', 'disk-io', { status: 'skipped' }, { module: 'set_fact' }),
    ]);
    const texts = found.map(host => adviceText(host, () => ''));
    assert.match(texts[0]!, /disk-io: no such key/);
    assert.equal(texts[1], 'hv2\n  no route to it\n');
    assert.equal(texts[2], 'hv3\n  the guests cannot be looked at: virsh is away\n');
  });

  it('makes a playbook: hosts that get the same share a play, and what a role refuses is left out', () => {
    const other = [
      begin('hv3', 'kvm-host', { nested: true }),
      task('hv3', 'M', { status: 'changed' }, { role: 'kvm-host' }),
    ];
    const text = playbookText(adviceOf([...tuned('hv1'), ...tuned('hv2'), ...other]))!;
    assert.deepEqual(parse(text), [
      { name: 'What was advised', hosts: 'hv1,hv2', roles: [{ role: 'disk-io', domains }] },
      { name: 'What was advised', hosts: 'hv3', roles: [{ role: 'kvm-host', nested: true }] },
    ]);
    assert.match(text, /# disk-io helps\.\n {4}- role: disk-io/);
    assert.equal(
      playbookText(adviceOf([begin('hv1', 'kvm-host', {}), task('hv1', 'M', {}, { role: 'kvm-host' })])),
      undefined,
    );
  });
});

describe('a host that could not be looked at', () => {
  it('has a reason, and not nothing to advise', () => {
    const [advice] = adviceOf([{ type: 'host.failed', host: 'h1', message: 'facts cannot be gathered: denied' }]);
    assert.equal(advice?.failure, 'facts cannot be gathered: denied');
    assert.equal(
      adviceText(advice!, () => ''),
      'h1\n  facts cannot be gathered: denied\n',
    );
  });
});
