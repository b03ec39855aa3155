import assert from 'node:assert/strict';
import { catalogue } from '../../src/commands/shared/catalogue.ts';
import { evaluateArguments } from '../../src/plan/arguments/evaluate-arguments.ts';
import { make } from './make.ts';

const extraVars = {
  values: { n: '3', on: 'true', list: '1,2', path: '/x', same: '{{ n }}', typed: ['4'] },
  texts: new Set(['n', 'on', 'list', 'path', 'same']),
};

/** The arguments of a task of a play with `vars`, as the module gets them. */
function argumentsOf(module: string, args: string, vars = '{}'): Readonly<Record<string, unknown>> {
  const site = `- hosts: all\n  vars: ${vars}\n  tasks: [{name: it, when: "false", ${module}: ${args}}]\n`;
  const { scope, task } = make({ 'site.yml': site }, { extraVars });
  const raw = task('it').task.args as Readonly<Record<string, unknown>>;
  const { args: evaluated, problems } = evaluateArguments(raw, catalogue.get(module)!, scope('it'), error => {
    throw error;
  });
  assert.deepEqual(problems, []);
  return evaluated;
}

describe('texts of the command line', () => {
  it('become what the argument wants that they land in', () => {
    const args = argumentsOf('wait_for', '{port: "{{ n }}", timeout: !expr n, path: "{{ path }}"}');
    assert.deepEqual([args.port, args.timeout, args.path], [3, 3, '/x']);
  });

  it('become what it wants in nested maps and lists', () => {
    const disks = '{vda: {queues: "{{ n }}", iothreads: ["{{ n }}", 4]}, vdb: {iothreads: "{{ list }}"}}';
    const args = argumentsOf('libvirt_domain', `{name: vm1, live: "{{ on }}", disks: ${disks}}`);
    assert.deepEqual(args.disks, { vda: { queues: 3, iothreads: [3, 4] }, vdb: { iothreads: [1, 2] } });
    assert.equal(args.live, true);
  });

  it('keep what they are on the way through other variables', () => {
    const vars = '{disk: {queues: "{{ same }}"}, all: {vda: "{{ disk }}"}, threads: !expr all.vda.queues}';
    const args = argumentsOf('libvirt_domain', '{name: vm1, disks: "{{ all }}", iothreads: "{{ threads }}"}', vars);
    assert.deepEqual([args.disks, args.iothreads], [{ vda: { queues: 3 } }, 3]);
  });

  it('stay texts where the schema says nothing, and in a longer template', () => {
    assert.equal(argumentsOf('debug', '{msg: "{{ n }}"}').msg, '3');
    assert.throws(() => argumentsOf('wait_for', '{port: "{{ n }}0"}'), /"port" must be a whole number/);
  });

  it('are not what a playbook or a file says', () => {
    assert.throws(() => argumentsOf('wait_for', '{port: "{{ typed.[0] }}"}'), /"port" must be a whole number/);
    assert.throws(() => argumentsOf('wait_for', '{port: "{{ own }}"}', '{own: "5"}'), /"port" must be a whole number/);
  });

  it('become what parameters of roles want, at any depth', () => {
    const { scope } = make(
      {
        'roles/pool/schema.yml': `
type: object
properties:
  count: {type: integer}
  thin: {type: object, properties: {chunk: {type: integer}, zero: {type: boolean, default: true}}}
  volumes: {type: array, items: {type: object, properties: {size: {type: integer}, tags: {type: array}}}}
  limits: {type: object, additionalProperties: {anyOf: [{type: integer}, {type: boolean}]}}
`,
        'roles/pool/tasks/main.yml': '- {name: it, debug: {msg: x}}\n',
        'site.yml': `
- hosts: all
  roles:
    - role: pool
      count: "{{ n }}"
      thin: {chunk: "{{ n }}", zero: "{{ on }}"}
      volumes: [{size: 1}, {size: "{{ n }}", tags: "{{ list }}"}]
      limits: {a: "{{ n }}", b: "{{ on }}", c: 5}
`,
      },
      { extraVars },
    );
    const { resolve } = scope('it');
    assert.equal(resolve('count'), 3);
    assert.deepEqual(resolve('thin'), { chunk: 3, zero: true });
    assert.deepEqual(resolve('volumes'), [
      { size: 1, tags: null },
      { size: 3, tags: ['1', '2'] },
    ]);
    assert.deepEqual(resolve('limits'), { a: 3, b: true, c: 5 });
  });
});
