import assert from 'node:assert/strict';
import { libvirtRestart } from '../../../src/modules/libvirt_restart/libvirt_restart.ts';
import { output } from '../../../src/shell/script.ts';
import { checkArguments, contextOf } from '../arguments.ts';

const { args } = checkArguments(libvirtRestart, { domains: ['vm1'], timeout: 2 });
const before = '/var/lib/hostwright/backup/vm1/20261201T000000Z.xml';
const [old, wanted] = [domain(1), domain(2)];

function domain(ioThreads: number): string {
  return (
    `<domain type='kvm'><name>vm1</name><memory ` +
    `unit='KiB'>1048576</memory><iothreads>${ioThreads}</iothreads></domain>`
  );
}

function stateOf(definition: string, running: string | undefined, kept = '') {
  const info = `State: ${running ? 'running' : 'shut off'}\nPersistent: yes\nManaged save: no\n`;
  const parts = [info, definition, running ?? definition, 'vm1\n'];
  const answer = {
    domains: output(0, parts.join('\n=== hostwright domain\n')),
    'pages.memory': output(0, '/proc/meminfo:MemTotal: 8388608 kB\n'),
    'pages.pools': output(0),
    'pages.gigantic': output(0, 'flags : fpu\n'),
    kept: output(0, kept),
  };
  return libvirtRestart.look(args as never, contextOf()).read(answer);
}

function decided(kept: string) {
  const decision = libvirtRestart.decide(args as never, stateOf(wanted, old, kept), contextOf());
  assert.ok(decision.kind === 'change');
  return decision;
}

describe('a guest that does not start', () => {
  function script(kept: string): string {
    return decided(`=== hostwright kept ${before}\n${kept}\n`).apply.sections[0]!.text;
  }

  it('is started with the definition that it ran with', () => {
    assert.ok(script(old).includes(`define ${before} &&`), script(old));
  });

  it('stays off where another one is kept', () => {
    const others = [domain(3), old.replace('1048576', '2097152'), old.replace('<name>', '<uuid>7</uuid><name>')];
    for (const other of others) assert.doesNotMatch(script(other), / define /);
  });
});

describe('a restart', () => {
  function missing(definition: string, running: string | undefined): string | undefined {
    const { verify } = decided('');
    assert.ok(typeof verify === 'object' && verify.proves);
    return verify.proves(stateOf(definition, running) as never);
  }

  it('is proven by a guest that runs with the definition that it was started for', () => {
    assert.equal(missing(wanted, wanted), undefined);
  });

  it('is not proven by a guest that runs with another one, waits still, or is off', () => {
    assert.equal(missing(old, old), 'vm1 has another definition');
    assert.match(missing(wanted, old) ?? '', /^vm1 still waits for a restart: I\/O threads/);
    assert.equal(missing(wanted, undefined), 'vm1 is shut off');
  });
});
