import assert from 'node:assert/strict';
import type { NumberedEvent } from '../../src/events/event.ts';
import { make } from '../plan/make.ts';
import { play } from './engine.ts';

function namesOf(events: readonly NumberedEvent[]): readonly string[] {
  return events.flatMap(event => (event.type === 'task.finished' ? [`${event.host}: ${event.task.name}`] : []));
}

describe('the names of plays, tasks and handlers', () => {
  it('have the values of their templates on each host, and are as they are written where one has none', async () => {
    const { events } = await play(
      `
- name: Release {{ release }}
  hosts: all
  vars: {release: 3}
  tasks:
    - {name: "Before {{ late }}", debug: {msg: x}}
    - {set_fact: {late: "{{ inventory_hostname }}"}}
    - {name: "After {{ late }} of {{ release }}", debug: {msg: x}}
    - {name: "Item {{ item }}", debug: {msg: x}, loop: [1]}
    - {name: "Hidden {{ late }}", debug: {msg: x}, no_log: true}
    - {name: "{{ oops | upper }}", debug: {msg: x}}
    - name: On {{ facts.os.machine == "none" }}
      debug: {msg: x}
`,
      { inventory: ['h1,h2'] },
    );
    const started = events.find(event => event.type === 'play.started');
    assert.equal(started?.play, 'Release 3');
    assert.deepEqual(
      namesOf(events).filter(name => name.startsWith('h2')),
      [
        'h2: Before {{ late }}',
        'h2: set_fact',
        'h2: After h2 of 3',
        'h2: Item {{ item }}',
        'h2: Hidden {{ late }}',
        'h2: {{ oops | upper }}',
        'h2: On {{ facts.os.machine == "none" }}',
      ],
    );
  });

  it('have facts, which are gathered for them', () => {
    const { plan } = make({
      'site.yml': '[{hosts: all, tasks: [{name: "As {{ facts.user.name }}", debug: {msg: x}}]}]',
    });
    assert.deepEqual(plan.plays[0]?.facts, ['user']);
  });

  it('have what every host has in the plan, a handler also the defaults of its role', () => {
    const { tasks } = make({
      'site.yml': `
- hosts: all
  vars: {app: web}
  roles: [proxy]
  tasks: [{name: "Start {{ app }}", debug: {msg: x}}]
`,
      'roles/proxy/defaults/main.yml': 'service: nginx',
      'roles/proxy/tasks/main.yml': '- {name: "Install {{ service }}", command: "true", notify: Restart nginx}',
      'roles/proxy/handlers/main.yml': '- {name: "Restart {{ service }}", debug: {msg: x}}',
    });
    assert.deepEqual(
      tasks.map(({ name }) => name),
      ['Install {{ service }}', 'Start web', 'Restart nginx'],
    );
  });

  it('are those by which a handler is notified', async () => {
    const { events } = await play(`
- hosts: all
  vars: {app: web}
  tasks:
    - {name: one, command: "true", notify: "Restart {{ app }}"}
    - {name: two, command: "true", notify: Reload web}
  handlers:
    - {name: "Restart {{ app }}", debug: {msg: x}}
    - {name: "Reload {{ app }}", debug: {msg: x}}
`);
    assert.deepEqual(
      namesOf(events).map(name => name.replace(/^.*: /, '')),
      ['one', 'two', 'Restart web', 'Reload web'],
    );
  });
});
