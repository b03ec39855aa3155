import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { catalogue } from '../../src/commands/shared/catalogue.ts';
import { editorSchemas } from '../../src/commands/shared/editor-schemas.ts';

const folder = join(import.meta.dirname, '../../schemas');
const schemas = editorSchemas(catalogue);
const ajv = new Ajv({ strict: false, allErrors: true });

/** Editors are told of `!expr`; here it is a text like any other. */
function read(file: string): unknown {
  const customTags = [{ tag: '!expr', resolve: (text: string) => `{{ ${text} }}` }];
  return parse(readFileSync(file, 'utf8'), { merge: true, customTags });
}

function errorsOf(schema: string, value: unknown): unknown[] {
  const validate = ajv.compile(schemas[schema]!);
  return validate(value) ? [] : (validate.errors ?? []);
}

describe('the schemas for editors', () => {
  it('are those of the code: npm run schemas', () => {
    const files = globSync('**/*.json', { cwd: folder }).toSorted();
    assert.deepEqual(files, Object.keys(schemas).toSorted());
    for (const name of files)
      assert.deepEqual(
        JSON.parse(readFileSync(join(folder, name), 'utf8')),
        JSON.parse(JSON.stringify(schemas[name])),
        name,
      );
  });

  it('find nothing wrong with the playbooks and roles of the repository', () => {
    for (const file of globSync(['playbooks/*.yml', 'skeleton/site.yml']))
      assert.deepEqual(errorsOf('playbook.json', read(file)), [], file);
    for (const file of globSync(['roles/*/{tasks,handlers}/*.yml', 'skeleton/roles/*/tasks/*.yml']))
      assert.deepEqual(errorsOf('tasks.json', read(file)), [], file);
  });

  it('find nothing wrong with the inventory and the settings of a new project', () => {
    assert.deepEqual(errorsOf('inventory.json', read('skeleton/inventory.yml')), []);
    assert.deepEqual(errorsOf('hostwright.json', read('skeleton/hostwright.yml')), []);
    assert.notDeepEqual(errorsOf('hostwright.json', { fork: 1 }), []);
  });

  it('find nothing wrong with the examples of modules and actions', () => {
    for (const { name, examples } of catalogue.values() as Iterable<{ name: string; examples?: readonly string[] }>) {
      for (const example of examples ?? [])
        assert.deepEqual(errorsOf('tasks.json', [parse(example)].flat()), [], `${name}: ${example}`);
    }
  });

  it('let variables give the keywords of a play that take them', () => {
    const play = { hosts: 'all', serial: '{{ steps }}', max_fail_percentage: '{{ most }}' };
    assert.deepEqual(errorsOf('playbook.json', [play, { ...play, serial: [1, '{{ second }}'] }]), []);
  });

  it('find what is wrong', () => {
    const wrong: readonly (readonly [string, unknown])[] = [
      ['playbook.json', [{ hosts: 'all', task: [] }]],
      ['playbook.json', [{ tasks: [] }]],
      ['playbook.json', [{ hosts: 'all', serial: 0 }]],
      ['playbook.json', [{ hosts: 'all', tasks: [{ cpoy: {} }] }]],
      ['tasks.json', [{ file: { state: 'folder', path: '/x' } }]],
      ['tasks.json', [{ file: { state: 'directory' } }]],
      ['tasks.json', [{ block: [{ debug: { msge: 'x' } }] }]],
      ['tasks.json', [{ command: 'id', with_items: [] }]],
      ['inventory.json', { web: { host: {} } }],
      ['role-meta.json', { dependencies: 'base' }],
    ];
    for (const [schema, value] of wrong) assert.notDeepEqual(errorsOf(schema, value), [], JSON.stringify(value));
  });

  it('take templates, other names and null in the place of values', () => {
    const tasks = [
      { file: { dest: '/x', state: '{{ s }}', mode: null } },
      { command: 'id', register: 'r', until: 'r.rc == 0', delegate_to: 'h2' },
      { 'ansible.builtin.copy': { content: 'x', dest: '/x' } },
      { include_tasks: 'x.yml', loop: [1] },
      { reboot: { if: 'pending' } },
      { meta: 'noop' },
    ];
    assert.deepEqual(errorsOf('tasks.json', tasks), []);
    assert.deepEqual(
      errorsOf('inventory.json', { web: { hosts: { 'hv[1:3]': null }, vars: { a: 1 } }, all: null }),
      [],
    );
  });
});
