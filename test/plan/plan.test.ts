import assert from 'node:assert/strict';
import { make } from './make.ts';

const role = {
  'roles/web/tasks/main.yml': `
- name: say
  debug: {msg: "{{ port }}"}
  notify: reload
- include: more.yml
  tags: [more]
`,
  'roles/web/tasks/more.yml': '- {name: deep, debug: {msg: "{{ port }}"}, tags: [leaf], become: false}\n',
  'roles/web/handlers/main.yml': '- {name: reload, debug: {msg: x}}\n',
  'roles/web/defaults/main.yml': 'port: 1\nonly_default: d\n',
};

describe('a plan', () => {
  it('hands tags, conditions, becoming and consent down through roles, blocks and includes', () => {
    const { task } = make({
      ...role,
      'site.yml': `
- hosts: all
  become: true
  tags: [play]
  allow: [reboot]
  roles:
    - {role: web, tags: [role], when: "1 == 1", become_user: libvirt, allow: [guest-restart]}
  tasks:
    - block:
        - {name: inner, debug: {msg: x}, when: "3 == 3", tags: inner}
      when: "2 == 2"
      tags: [block]
      ignore_errors: true
`,
    });
    assert.deepEqual(task('deep').tags, ['play', 'role', 'more', 'leaf']);
    assert.deepEqual(
      task('deep').when.map(({ text }) => text),
      ['1 == 1'],
    );
    assert.equal(task('deep').become.become, false);
    assert.deepEqual(task('say').become, { become: true, user: 'libvirt' });
    assert.deepEqual(task('say').allow, ['reboot', 'guest-restart']);
    assert.deepEqual(task('inner').tags, ['play', 'block', 'inner']);
    assert.deepEqual(
      task('inner').when.map(({ text }) => text),
      ['2 == 2', '3 == 3'],
    );
    assert.equal(task('inner').become.become, true);
    assert.equal(task('inner').settings.ignoreErrors, true);
    assert.deepEqual(task('reload').when, [], 'a handler that was notified runs');
  });

  it('adds up notifications and environments from outside to inside, once each', () => {
    const { task } = make({
      'site.yml': `
- hosts: all
  tasks:
    - block:
        - block: [{name: inner, command: id, notify: [near, far], environment: {PATH: /near}}]
          notify: middle
      notify: far
      environment: {PATH: /far, LANG: C}
  handlers:
    - {name: far, command: id}
    - {name: middle, command: id}
    - {name: near, command: id}
`,
    });
    assert.deepEqual(task('inner').notify, ['far', 'middle', 'near']);
    assert.deepEqual(
      task('inner').environment.map(({ value }) => value),
      [{ PATH: '/far', LANG: 'C' }, { PATH: '/near' }],
    );
  });

  it('gives tasks that say nothing of a time-out that of the command line', () => {
    const site = `
- hosts: all
  tasks:
    - {name: silent, debug: {msg: x}}
    - {name: patient, debug: {msg: x}, timeout: 7}
    - {block: [{name: below, debug: {msg: x}}], timeout: 8}
`;
    const given = make({ 'site.yml': site }, { taskTimeout: 90 });
    assert.deepEqual(
      ['silent', 'patient', 'below'].map(name => given.task(name).settings.timeout),
      [90, 7, 8],
    );
    assert.equal(make({ 'site.yml': site }).task('silent').settings.timeout, undefined);
  });

  it('orders pre_tasks, roles, tasks, post_tasks, and has the handlers of roles that are included anywhere', () => {
    const { tasks, plan } = make({
      ...role,
      'roles/outer/tasks/main.yml': '- include_role: {name: web}\n',
      'site.yml': `
- hosts: all
  post_tasks: [{name: post, debug: {msg: x}}]
  tasks: [{name: main, debug: {msg: x}}]
  roles: [outer]
  pre_tasks: [{name: pre, debug: {msg: x}}]
`,
    });
    assert.deepEqual(
      tasks.map(({ name }) => name),
      ['pre', 'say', 'deep', 'main', 'post', 'reload'],
    );
    assert.deepEqual(
      plan.plays[0]!.stages.map(stage => stage.length),
      [1, 3, 1],
    );
  });

  it('weighs variables as DESIGN 5 says', () => {
    const layers = ['defaults', 'group', 'host', 'play', 'file', 'rolevars', 'params', 'block', 'task', 'extra'];
    const names = (from: number) => layers.slice(0, from + 1).map((_, at) => at);
    // v0 is set by every layer, v1 by all but the strongest, and so on.
    const set = (at: number) =>
      Object.fromEntries(
        layers
          .map((_, v) => [`v${v}`, layers[at]])
          .filter((_, v) => v >= at)
          .map(pair => pair),
      );
    const yaml = (at: number) => JSON.stringify(set(at));
    const { scope } = make(
      {
        'hosts.yml': `kvm: {hosts: {hv1: ${yaml(2)}}, vars: ${yaml(1)}}`,
        'vars.yml': yaml(4),
        'roles/r/defaults/main.yml': yaml(0),
        'roles/r/vars/main.yml': yaml(5),
        'roles/r/tasks/main.yml': `
- block:
    - {name: it, debug: {msg: x}, vars: ${yaml(8)}}
  vars: ${yaml(7)}
`,
        'site.yml': `
- hosts: all
  vars: ${yaml(3)}
  vars_files: [vars.yml]
  roles: [{role: r, vars: ${yaml(6)}}]
`,
      },
      { extraVars: { values: set(9), texts: new Set() } },
    );
    const found = names(9).map(v => scope('it').resolve(`v${v}`));
    assert.deepEqual(found, layers);
  });

  it('gives role parameters the defaults of their schema, also inside what was given, and null where there is none', () => {
    const { scope } = make(
      {
        'roles/pool/schema.yml': `
type: object
properties:
  vg: {type: string}
  count: {type: integer, default: 3}
  sizes: {type: array, items: {type: integer}}
  thin:
    type: object
    properties: {chunk: {type: integer, default: 64}, zero: {type: boolean, default: true}, tag: {type: string}}
  volumes:
    type: array
    items: {type: object, properties: {name: {type: string}, size: {type: string, default: 1G}}}
`,
        'roles/pool/tasks/main.yml': '- {name: it, debug: {msg: x}}\n',
        'site.yml':
          '- hosts: all\n  roles: [{role: pool, vars: {thin: {chunk: 128}, volumes: [{name: a}, {name: b, size: 2G}]}}]\n',
      },
      { extraVars: { values: { count: '7', sizes: '[1, 2]' }, texts: new Set(['count', 'sizes']) } },
    );
    const { resolve } = scope('it');
    assert.equal(resolve('vg'), null);
    assert.equal(resolve('count'), 7);
    assert.deepEqual(resolve('sizes'), [1, 2]);
    assert.deepEqual(resolve('thin'), { chunk: 128, zero: true, tag: null });
    assert.deepEqual(resolve('volumes'), [
      { name: 'a', size: '1G' },
      { name: 'b', size: '2G' },
    ]);
  });

  it('looks for files in the role, then around it, then next to the playbook', () => {
    const { task } = make(
      { ...role, 'site.yml': '- hosts: all\n  roles: [web]\n  tasks: [{name: own, debug: {msg: x}}]\n' },
      { sharedTemplates: ['/shared'] },
    );
    const ends = (paths: readonly string[]) => paths.map(path => path.replace(/^.*hw-plan-\w+\/?/, './'));
    assert.deepEqual(ends(task('deep').searchPath.source), ['./roles/web/files', './roles/web', './files', './']);
    assert.deepEqual(ends(task('deep').searchPath.template), [
      './roles/web/templates',
      './roles/web',
      './templates',
      './',
      '/shared',
    ]);
    assert.deepEqual(ends(task('own').searchPath.source), ['./files', './']);
  });

  it('takes hosts, batches and the failures that it bears from variables of the play and the command line', () => {
    const files = {
      'site.yml': `
- hosts: "{{ target }}"
  vars: {target: hv1, size: "{{ inventory_hostname }}", steps: [1, 50%], most: !expr "5 * 5"}
  serial: "{{ steps }}"
  max_fail_percentage: "{{ most }}"
  tasks: [{debug: {msg: x}}]
- hosts: all
  vars: {size: "50%"}
  serial: !expr 'default(size, 2)'
  tasks: [{debug: {msg: x}}]
`,
    };
    const extraVars = { values: { target: 'hv2', size: '3' }, texts: new Set(['target', 'size']) };
    const { plan } = make(files, { hosts: 'hv1,hv2', extraVars });
    const [first, second] = plan.plays;
    assert.deepEqual([first?.hosts, first?.name], [['hv2'], 'hv2']);
    assert.deepEqual([first?.play.serial, first?.play.maxFailPercentage], [[{ hosts: 1 }, { percent: 50 }], 25]);
    assert.deepEqual(second?.play.serial, [{ hosts: 3 }]);
    assert.deepEqual(make(files, { hosts: 'hv1,hv2' }).plan.plays[1]?.play.serial, [{ percent: 50 }]);
  });

  it('takes them in lists, from vars_files, and as texts of the command line', () => {
    const files = {
      'site.yml': `
- hosts: "{{ target }}"
  vars_files: [sizes.yml]
  serial: [1, "{{ second }}", !expr third]
  max_fail_percentage: "{{ most }}"
  tasks: [{debug: {msg: "{{ third }}"}}]
`,
      'sizes.yml': 'target: hv1\nsecond: 20%\n',
    };
    const extraVars = { values: { most: '12.5', third: '3' }, texts: new Set(['most', 'third']) };
    const [play] = make(files, { hosts: 'hv1,hv2', extraVars }).plan.plays;
    assert.deepEqual(play?.hosts, ['hv1']);
    assert.deepEqual(play?.play.serial, [{ hosts: 1 }, { percent: 20 }, { hosts: 3 }]);
    assert.equal(play?.play.maxFailPercentage, 12.5);
  });

  it('gathers only the groups of facts that a play names, wherever it does', () => {
    const { plan } = make({
      'templates/x.hbs': '{{ facts.memory.total }}',
      'site.yml': `
- hosts: all
  vars: {cpus: "{{ facts.cpu.count }}"}
  tasks:
    - {debug: {msg: x}, when: facts.os.family == "debian"}
    - {debug: {msg: x}, loop: !expr "facts.block.devices"}
    - {debug: {msg: x}, environment: {A: "{{ facts.kernel.release }}"}, delegate_to: !expr "facts.network.hostname"}
    - {template: {src: x.hbs, dest: /tmp/x}}
`,
    });
    assert.deepEqual(plan.plays[0]!.facts, ['block', 'cpu', 'kernel', 'memory', 'network', 'os']);
  });

  it('is checked for every host, each with its own values', () => {
    const files = {
      'hosts.yml': 'kvm: {hosts: {hv1: {disk: vda}, hv2: }}',
      'site.yml': '- hosts: kvm\n  tasks: [{debug: {msg: "{{ disk }}"}}]\n',
    };
    assert.throws(() => make(files), /"disk" is not defined/);
    assert.ok(
      make({
        ...files,
        'site.yml': `${files['site.yml'].trimEnd().slice(0, -2)}, when: inventory_hostname == "hv1"}]\n`,
      }),
    );
    assert.ok(make(files, { limit: 'hv1' }));
  });
});
