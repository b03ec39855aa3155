import assert from 'node:assert/strict';
import { withEnd, withEntry, withoutEntry, withVariable } from '../../../src/modules/cron/table.ts';

describe('a crontab', () => {
  it('ends with a newline once it is edited', () => {
    const text = '# mine\n#Ansible: thin\n0 3 * * * thin';
    const edited = withEntry(text, { name: 'thin', line: '1 3 * * * thin' });
    assert.equal(withEnd(text, edited), '# mine\n#Ansible: thin\n1 3 * * * thin\n');
    const other = '#Ansible: thin\n0 3 * * * thin\n5 5 * * * last';
    assert.equal(withEnd(other, withoutEntry(other, 'thin')), '5 5 * * * last\n');
    assert.equal(withEnd(text, text), text);
    assert.equal(withEnd('x', ''), '');
  });

  it('has a variable without a value', () => {
    assert.equal(withVariable('', 'MAILTO', ''), 'MAILTO=""\n');
    assert.equal(withVariable('MAILTO=\n', 'MAILTO', ''), 'MAILTO=\n');
    assert.equal(withVariable("MAILTO='a'\n", 'MAILTO', ''), 'MAILTO=""\n');
  });
});
