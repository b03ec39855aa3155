import assert from 'node:assert/strict';
import { meaningOf, misuseOf } from '../../src/plan/connection-variables.ts';
import { privilegeOf } from '../../src/plan/privilege.ts';
import { type Reach, reachOf } from '../../src/plan/reach.ts';
import { createScope, type Scope } from '../../src/values/scope.ts';

const scopeOf = (values: Readonly<Record<string, unknown>>): Scope => createScope([{ origin: 'a test', values }]);

describe('as whom a task runs', () => {
  const rows: readonly (readonly [string, object, Readonly<Record<string, unknown>>, string | undefined])[] = [
    ['the keyword', { become: true }, {}, 'sudo root'],
    ['nothing', {}, {}, undefined],
    ['the variable alone', {}, { ansible_become: true }, 'sudo root'],
    ['the variable against the keyword', { become: true }, { ansible_become: false }, undefined],
    ['a word of Ansible', {}, { ansible_become: 'yes' }, 'sudo root'],
    ['a variable that is null', { become: true }, { ansible_become: null }, 'sudo root'],
    ['a user without becoming', {}, { ansible_become_user: 'ann' }, undefined],
    ['a user against the keyword', { become: true, user: 'bob' }, { ansible_become_user: 'ann' }, 'sudo ann'],
    ['a user in a template', { become: true, user: '{{ who }}' }, { who: 'ann' }, 'sudo ann'],
    ['a method', { become: true, method: 'sudo' }, { ansible_become_method: 'su' }, 'su root'],
    [
      'a method with its collection',
      { become: true },
      { ansible_become_method: 'community.general.doas' },
      'doas root',
    ],
    ['the user of sudo', { become: true }, { ansible_become_user: 'ann', ansible_sudo_user: 'sue' }, 'sudo sue'],
    ['the user of another method', { become: true, method: 'su' }, { ansible_sudo_user: 'sue' }, 'su root'],
  ];
  for (const [it_, keywords, values, expected] of rows) {
    it(`is what ${it_} says`, () => {
      const privilege = privilegeOf(keywords, scopeOf(values));
      assert.equal(privilege && `${privilege.method} ${privilege.user}`, expected);
    });
  }

  it('is what the host says on which it is done', () => {
    const variables = scopeOf({ ansible_become_user: 'there' });
    assert.deepEqual(privilegeOf({ become: true }, scopeOf({ ansible_become_user: 'here' }), variables), {
      method: 'sudo',
      user: 'there',
    });
  });

  it('is an error where a value has no meaning', () => {
    const wrong = (values: Readonly<Record<string, unknown>>) => () => privilegeOf({ become: true }, scopeOf(values));
    assert.throws(wrong({ ansible_become: 'maybe' }), /ansible_become: "maybe" is neither true nor false/);
    assert.throws(wrong({ ansible_become_method: 'pbrun' }), /there is no method "pbrun"/);
    assert.throws(wrong({ ansible_become_user: ['a'] }), /ansible_become_user: it must be a text/);
  });
});

describe('how a host is reached', () => {
  // The winner of several names for one thing is that of Ansible 2.14: its plugins take the last
  // name of their lists.
  const rows: readonly (readonly [Readonly<Record<string, unknown>>, Partial<Reach>])[] = [
    [{}, { address: 'hv1', becomePasswords: {}, sshArguments: [] }],
    [{ ansible_host: 'a' }, { address: 'a' }],
    [{ ansible_host: 'a', ansible_ssh_host: 'b' }, { address: 'b' }],
    [{ ansible_port: 1, ansible_ssh_port: '2' }, { port: 2 }],
    [{ ansible_user: 'a', ansible_ssh_user: 'b' }, { user: 'b' }],
    [{ ansible_password: 'a' }, { password: 'a' }],
    [{ ansible_password: 'a', ansible_ssh_pass: 'b' }, { password: 'b' }],
    [{ ansible_password: 'a', ansible_ssh_pass: 'b', ansible_ssh_password: 'c' }, { password: 'c' }],
    [{ ansible_become_password: 'a' }, { becomePasswords: { sudo: 'a', su: 'a', doas: 'a' } }],
    [
      { ansible_become_password: 'a', ansible_become_pass: 'b', ansible_su_pass: 'c' },
      { becomePasswords: { sudo: 'b', su: 'c', doas: 'b' } },
    ],
    [{ ansible_private_key_file: 'a', ansible_ssh_private_key_file: 'b' }, { privateKeyFile: 'b' }],
    [{ ansible_connection: 'ansible.builtin.ssh' }, { connection: 'ssh' }],
    [{ ansible_connection: 'paramiko' }, { connection: 'ssh' }],
    [{ ansible_timeout: 5, ansible_ssh_timeout: 7 }, { timeout: 7 }],
    [{ ansible_host_key_checking: 'no' }, { checksHostKeys: false }],
    [{ ansible_host_key_checking: false, ansible_ssh_host_key_checking: true }, { checksHostKeys: true }],
    [
      { ansible_ssh_args: '-C', ansible_ssh_common_args: `-o 'ProxyCommand=nc "%h" %p'`, ansible_ssh_extra_args: '-v' },
      { sshArguments: ['-C', '-o', 'ProxyCommand=nc "%h" %p', '-v'] },
    ],
  ];
  for (const [values, expected] of rows) {
    it(JSON.stringify(values), () => {
      const reach = reachOf('hv1', scopeOf(values));
      for (const [key, value] of Object.entries(expected)) assert.deepEqual(reach[key as keyof Reach], value);
    });
  }

  it('is an error where it cannot be', () => {
    const wrong = (values: Readonly<Record<string, unknown>>) => () => reachOf('hv1', scopeOf(values));
    assert.throws(wrong({ ansible_port: 70000 }), /ansible_port: 70000 is out of range/);
    assert.throws(wrong({ ansible_connection: 'winrm' }), /there is no connection "winrm"/);
    assert.throws(wrong({ ansible_host: ['a'] }), /ansible_host: it must be a text/);
    assert.throws(wrong({ ansible_timeout: 'soon' }), /"soon" is out of range/);
  });

  it('never says a password that is wrong', () => {
    assert.throws(
      () => reachOf('hv1', scopeOf({ ansible_password: { secret: 'S3CR3T' } })),
      (error: Error) => {
        assert.doesNotMatch(error.message, /S3CR3T/);
        return true;
      },
    );
  });
});

describe("variables of Ansible's own", () => {
  it('are told from misspelt ones', () => {
    assert.deepEqual(misuseOf('ansible_becom', 'play'), {
      message: '"ansible_becom" is not a variable of connections',
      hint: 'Did you mean "ansible_become"?',
    });
    assert.match(misuseOf('ansible_favourite_colour', 'play')?.hint ?? '', /facts/);
    assert.equal(misuseOf('favourite_colour', 'play'), undefined);
  });

  it('may be set where they are read', () => {
    assert.equal(misuseOf('ansible_host', 'play'), undefined);
    assert.match(misuseOf('ansible_host', 'task')?.message ?? '', /the same for a whole play/);
    assert.equal(misuseOf('ansible_become_user', 'task'), undefined);
  });

  it('are refused where a host would not be as it is meant to be', () => {
    assert.match(misuseOf('ansible_become_flags', 'play')?.message ?? '', /has no effect here/);
  });

  it('may be there without a meaning', () => {
    for (const name of ['ansible_python_interpreter', 'ansible_pipelining', 'ansible_winrm_port', 'ansible_managed']) {
      assert.equal(misuseOf(name, 'task'), undefined, name);
    }
    assert.equal(meaningOf('ansible_perl_interpreter')?.use, 'ignored');
  });
});
