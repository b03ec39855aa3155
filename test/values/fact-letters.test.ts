import assert from 'node:assert/strict';
import { compileExpression } from '../../src/values/expression.ts';
import { compileTemplate } from '../../src/values/template.ts';

describe('a fact that is compared in the letters of Ansible', () => {
  for (const [text, path, there, here] of [
    ['facts.os.id == "Debian"', 'facts.os.id', 'Debian', 'debian'],
    ['x && "RedHat" != facts.os.id', 'facts.os.id', 'RedHat', 'rhel'],
    ['facts["os"].family in ["debian", "RedHat"]', 'facts.os.family', 'RedHat', 'redhat'],
    ['!(facts.os.family in ["Archlinux"])', 'facts.os.family', 'Archlinux', 'arch'],
    ['facts.virtualization.type == "VirtualBox"', 'facts.virtualization.type', 'VirtualBox', 'oracle'],
  ] as const) {
    it(`is an error in ${text}`, () => {
      const message = `${path} is in small letters, and never "${there}"`;
      assert.throws(() => compileExpression(text), { message, hint: `Write "${here}".` });
      compileExpression(text.replace(there, here));
    });
  }

  for (const text of ['{{#if (eq facts.os.id "Debian")}}x{{/if}}', '{{ not (ne "Debian" @root.facts.os.id) }}']) {
    it(`is an error in ${text}`, () => {
      const message = 'facts.os.id is in small letters, and never "Debian"';
      assert.throws(() => compileTemplate(text), { message, hint: 'Write "debian".' });
      compileTemplate(text.replace('Debian', 'debian'));
    });
  }

  it('is told with all that is to be written', () => {
    const hint = 'Write "debian", "rhel".';
    assert.throws(() => compileExpression('facts.os.id in ["Debian", "ubuntu", "RedHat"]'), { hint });
  });

  it('is one only where the fact has small letters', () => {
    for (const text of ['facts.os.pretty == "Debian"', 'my.os.id == "Debian"', 'facts.os.id == x', 'lower("A") == "A"'])
      compileExpression(text);
    compileTemplate('{{ eq facts.os.pretty "Debian" }}');
  });
});
