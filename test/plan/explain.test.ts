import assert from 'node:assert/strict';
import { explain } from '../../src/plan/explain.ts';
import { make } from './make.ts';

const files = {
  'roles/web/defaults/main.yml': 'port: 1\n',
  'roles/web/vars/main.yml': 'port: "{{ base }}1"\n',
  'roles/web/tasks/main.yml': '- {name: say, debug: {msg: "{{ port }}"}}\n',
  'site.yml': `
- hosts: all
  name: Web
  vars:
    base: 8
    port: 2
  roles: [web]
  tasks:
    - name: own
      debug: {msg: "{{ port }}"}
      vars: {port: 3}
    - {name: plain, debug: {msg: x}}
    - {name: later, set_fact: {port: 4}}
    - {name: asked, command: id, register: port}
`,
};

describe('the explanation of a variable', () => {
  it('has every layer that sets it, where it stands and which wins, by the tasks that see it alike', () => {
    const { plan } = make(files);
    const { explanations, changes } = explain('port', 'hv1', plan);
    const told = explanations.map(({ places, value, settings }) => ({
      places,
      value,
      settings: settings.map(
        ({ origin, at, written }) => `${origin} ${at?.replace(/.*\/(?=\w+\/|site)/, '')} ${written}`,
      ),
    }));
    assert.deepEqual(told, [
      {
        places: ['role web'],
        value: '81',
        settings: [
          'defaults of role web defaults/main.yml:1 1',
          'vars of play "Web" site.yml:6 2',
          'vars of role web vars/main.yml:1 {{ base }}1',
        ],
      },
      {
        places: ['"own"'],
        value: 3,
        settings: ['vars of play "Web" site.yml:6 2', 'vars of task "own" site.yml:11 3'],
      },
      { places: ['"plain"', '"later"', '"asked"'], value: 2, settings: ['vars of play "Web" site.yml:6 2'] },
    ]);
    assert.deepEqual(
      changes.map(({ task, by }) => `${task} ${by}`),
      ['later set_fact', 'asked register'],
    );
  });

  it('says why a value is not known', () => {
    const { plan } = make({
      'site.yml': '- {hosts: all, vars: {a: "{{ facts.os.id }}", b: "{{ a }}"}, tasks: []}\n',
    });
    const { explanations } = explain('b', 'hv1', plan);
    assert.match(explanations[0]!.problem ?? '', /"facts" is not known/);
    assert.deepEqual(explain('nothing', 'hv1', plan), { explanations: [], changes: [] });
  });
});
