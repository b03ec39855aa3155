import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { InvalidInput } from '../../src/language/diagnostic.ts';
import { play, temporaryFolder } from './engine.ts';

const { path } = temporaryFolder();

function tasks(...lines: string[]): string {
  return ['- hosts: all', '  tasks:', ...lines.map(line => `    ${line}`), ''].join('\n');
}

/** What the error of a playbook says to do. */
async function hintOf(text: string): Promise<string> {
  const error = await play(text).then(
    () => assert.fail('was not refused'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof InvalidInput, String(error));
  return error.diagnostics.map(({ message, hint }) => `${message}\n${hint}`).join('\n');
}

describe('a folder as the src of copy', () => {
  beforeEach(() => {
    mkdirSync(path('conf.d/sub dir'), { recursive: true });
    writeFileSync(path('conf.d/a.conf'), 'a\n');
    writeFileSync(path('conf.d/sub dir/it: "b"'), 'b\n');
    symlinkSync('a.conf', path('conf.d/link'));
    symlinkSync('nowhere', path('conf.d/dangling'));
  });

  for (const [end, below] of [
    ['', 'out/conf.d'],
    ['/', 'out'],
  ] as const) {
    it(`is refused before the run, and the tasks that the error names copy it${end && ': its content'}`, async () => {
      const said = await hintOf(
        tasks(`- copy: {src: ${path('conf.d')}${end}, dest: "${path('out')}", mode: "0640", backup: true}`),
      );
      const [message, , ...written] = said.split('\n');
      assert.equal(message, `"${path('conf.d')}${end}" is a folder, not a file`);
      mkdirSync(path('out'));
      const pasted = tasks(...written.map(line => line.replace(/^ {2}/, '')));
      const { exitCode, story } = await play(pasted);
      assert.equal(exitCode, 0, `${pasted}\n${story.join('\n')}`);
      for (const [name, content] of Object.entries({ 'a.conf': 'a\n', 'sub dir/it: "b"': 'b\n', link: 'a\n' })) {
        assert.equal(readFileSync(path(`${below}/${name}`), 'utf8'), content);
        assert.equal(statSync(path(`${below}/${name}`)).mode & 0o777, 0o640);
      }
      assert.deepEqual((await play(pasted)).counts().changed ?? 0, 0);
    });
  }

  it('is to be packed where it cannot be named file by file; so is that of a template', async () => {
    const folder = path('conf.d');
    const packed = `Name a file in it; for all of it, pack it (tar -C ${folder} -cf ${folder}.tar .) and use unarchive.`;
    for (const task of [
      `- {copy: {src: "${folder}", dest: /x}, loop: [1]}`,
      `- template: {src: "${folder}", dest: /x}`,
      `- copy: {src: "${folder}", dest: !expr '"/x"'}`,
    ]) {
      assert.equal((await hintOf(tasks(task))).split('\n')[1], packed);
    }
  });

  it('is to be packed where it cannot be read to its end', async () => {
    const folder = path('odd name');
    mkdirSync(folder);
    symlinkSync('itself', path('odd name/itself'));
    const said = await hintOf(tasks(`- copy: {src: "${folder}", dest: /x}`));
    assert.match(said, /pack it \(tar -C '\S*\/odd name' -cf '\S*\/odd name[.]tar' [.]\)/);
  });

  it('is looked at no further than a hint can name its entries', async () => {
    const folder = path('deep');
    mkdirSync(folder);
    for (const name of ['a', 'b']) symlinkSync('.', path(`deep/${name}`));
    const said = await hintOf(tasks(`- copy: {src: "${folder}", dest: /x}`));
    assert.match(said, /pack it/);
  });
});

describe('copy and template with mode: preserve', () => {
  it('give the file the mode of its source, and give it back', async () => {
    for (const [name, mode] of Object.entries({ 'run.sh': 0o755, secret: 0o600 })) {
      writeFileSync(path(name), `${name}\n`);
      chmodSync(path(name), mode);
      const text = tasks(
        `- {name: copy, copy: {src: "${path(name)}", dest: "${path('copied')}", mode: preserve}}`,
        `- {name: template, template: {src: "${path(name)}", dest: "${path('rendered')}", mode: preserve}}`,
        `- {name: host, copy: {src: "${path(name)}", dest: "${path('there')}", remote_src: true, mode: preserve}}`,
      );
      for (const status of ['changed', 'ok']) {
        const { result } = await play(text);
        for (const task of ['copy', 'template', 'host']) {
          assert.equal(result(task).status, status, `${task}: ${result(task).message}`);
        }
      }
      for (const goal of ['copied', 'rendered', 'there']) assert.equal(statSync(path(goal)).mode & 0o7777, mode, goal);
    }
  });

  it('is refused without a source', async () => {
    const said = await hintOf(tasks(`- copy: {content: x, dest: "${path('f')}", mode: preserve}`));
    assert.match(said, /"mode" is preserve, but content has no mode: write the mode/);
  });
});

describe('copy with a map or list as content', () => {
  it('writes JSON as Ansible does, null included', async () => {
    const text = tasks(
      `- {name: map, copy: {dest: "${path('map')}", content: {a: [1, {b: null}], é: "ü\\n", c: {}, d: true, e: []}}}`,
      `- {name: list, copy: {dest: "${path('list')}", content: [x, "{{ 1 + 1 }}"]}}`,
    ).replace('{{ 1 + 1 }}', '{{ inventory_hostname }}');
    for (const status of ['changed', 'ok']) {
      const { result } = await play(text);
      assert.deepEqual([result('map').status, result('list').status], [status, status]);
    }
    assert.equal(
      readFileSync(path('map'), 'utf8'),
      '{"a": [1, {"b": null}], "\\u00e9": "\\u00fc\\n", "c": {}, "d": true, "e": []}',
    );
    assert.equal(readFileSync(path('list'), 'utf8'), '["x", "h1"]');
  });
});

describe('a list that is written as one text', () => {
  it('is refused with the list', async () => {
    const said = await hintOf(tasks('- user: {name: ann, groups: "libvirt,kvm, 10"}'));
    assert.match(said, /"groups" must be a list.*\nWrite: \[libvirt, kvm, "10"\]\./);
  });
});
