import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readExtraVars } from '../../src/commands/shared/extra-vars.ts';
import { parseYaml } from '../../src/language/yaml.ts';
import { diagnose } from './diagnose.ts';

/** Plain scalars that YAML 1.1 reads as something else, as PyYAML does, and what to write. */
const rows: readonly (readonly [written: string, here: string, there: string, hint: string])[] = [
  ['yes', 'a text', 'true', 'Write true, or "yes" for the text.'],
  ['Off', 'a text', 'false', 'Write false, or "Off" for the text.'],
  ['022', 'the number 22', 'the number 18', 'Write 18 for the number, or "022" for the text.'],
  ['-010', 'the number -10', 'the number -8', 'Write -8 for the number, or "-010" for the text.'],
  ['0b101', 'a text', 'the number 5', 'Write 5 for the number, or "0b101" for the text.'],
  ['1_000', 'a text', 'the number 1000', 'Write 1000 for the number, or "1_000" for the text.'],
  ['0xf_f', 'a text', 'the number 255', 'Write 255 for the number, or "0xf_f" for the text.'],
  ['089', 'the number 89', 'a text', 'Write 89 for the number, or "089" for the text.'],
  ['12e3', 'the number 12000', 'a text', 'Write 12000 for the number, or "12e3" for the text.'],
  ['1.5e3', 'the number 1500', 'a text', 'Write 1500 for the number, or "1.5e3" for the text.'],
];

describe('what Ansible reads in another way', () => {
  for (const [written, here, there, hint] of rows) {
    const message = `${written} is ${here} here, and ${there} to Ansible, which reads YAML 1.1`;
    it(`is told of ${written}`, () => {
      const { doubts } = parseYaml(`vars: [x, ${written}]\n`, 'a.yml');
      assert.deepEqual(doubts, [{ at: { file: 'a.yml', line: 1, column: 11 }, message, hint }]);
      const [, number = '', text = ''] = /^Write ([^\s,]+)(?: for .*)?, or (".*") for/.exec(hint) ?? [];
      for (const better of [number, text]) assert.deepEqual(parseYaml(`a: ${better}\n`, 'a.yml').doubts, []);
    });
  }

  it('is not told of what both read alike, nor of addresses, times, quoted texts and keys', () => {
    const same =
      '[0, 7, 07, -1, 1.5, 0x1f, 1.5e+3, 22:00, 52:54:00:12:34:56, a_1, y, N, "yes", True, "022", \'1_000\', !!str 022]';
    assert.deepEqual(parseYaml(`{a: ${same}, 022: b}\n`, 'a.yml').doubts, []);
  });

  it('is told of wherever a playbook has it, together with all else', () => {
    const says = diagnose({
      it: '',
      tasks: '- debug: {msg: 010}\n- include: more.yml\n- debug: {msg: "{{ nope }}"}\n- file: {path: /a, mode: 0644}\n',
      files: { 'more.yml': '- debug: {msg: 011}\n' },
    });
    assert.deepEqual(toldOf(says), [
      'more.yml: 011 is the number 11 here, and the number 9 to Ansible, which reads YAML 1.1',
      'site.yml: 010 is the number 10 here, and the number 8 to Ansible, which reads YAML 1.1',
      'site.yml: "nope" is not defined',
      // The hint of the argument itself says more than that of the number.
      "site.yml: file: \"mode\" must be octal digits as a text ('0644') or clauses as of chmod ('+x', 'u=rw,g=r,o='), not 644",
    ]);
  });

  it('is told of in an inventory and its files of variables', () => {
    const files = { 'group_vars/all.yml': 'a: 012\n', 'hosts.yml': 'all: {hosts: {hv1: {a: 013}}}\n' };
    const says = diagnose({ it: '', tasks: '- debug: {msg: x}\n', files, inventory: 'hosts.yml' });
    assert.deepEqual(toldOf(says), [
      'group_vars/all.yml: 012 is the number 12 here, and the number 10 to Ansible, which reads YAML 1.1',
      'hosts.yml: 013 is the number 13 here, and the number 11 to Ansible, which reads YAML 1.1',
    ]);
  });

  it('is told of in a file of extra variables', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hw-vars-'));
    try {
      writeFileSync(join(folder, 'a.yml'), 'a: 014\n');
      assert.throws(() => readExtraVars([`@${folder}/a.yml`]), /014 is the number 14 here, and the number 12 to/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function toldOf(says: string | undefined): readonly string[] {
  return [...(says ?? '').matchAll(/^(\S+\.yml):\d+:\d+: (.*)$/gm)].map(([, file, words]) => `${file}: ${words}`);
}
