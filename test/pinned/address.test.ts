import assert from 'node:assert/strict';
import { addressFault, addressFrom } from '../../src/pinned/address.ts';

describe('the address of a repository of roles', () => {
  for (const address of [
    'https://git.example.org/roles.git',
    'https://me@git.example.org:8443/roles.git',
    'ssh://git@git.example.org:2222/roles.git',
    'ssh://[2001:db8::1]/roles.git',
    'git@git.example.org:team/roles.git',
    'file:///srv/git/roles.git',
    '/srv/git/roles.git',
    '../roles',
    'roles of mine',
    './a:b',
  ]) {
    it(`may be ${address}`, () => assert.equal(addressFault(address), undefined));
  }

  const wrong: readonly (readonly [string, RegExp])[] = [
    ['--upload-pack=touch x', /begins with "-"/],
    ['-x', /begins with "-"/],
    ['ext::sh -c "touch x"', /git is not sent there/],
    ['file::/x', /git is not sent there/],
    ['git@host::x', /git is not sent there/],
    ['http://git.example.org/roles.git', /git is not sent there/],
    ['git://git.example.org/roles.git', /git is not sent there/],
    ['ftp://git.example.org/roles.git', /git is not sent there/],
    ['host:roles.git', /git is not sent there/],
    ['ssh://-oProxyCommand=x/roles', /git is not sent there/],
    ['ssh://-l@host/roles', /git is not sent there/],
    ['git@-oProxyCommand=x:roles', /git is not sent there/],
    ['https://me:secret@git.example.org/roles.git', /has a password in it/],
    ['roles\n', /control character/],
  ];
  for (const [address, message] of wrong) {
    it(`is refused: ${JSON.stringify(address)}`, () => assert.match(addressFault(address)!.message, message));
  }

  it('does not repeat a password', () => {
    assert.doesNotMatch(JSON.stringify(addressFault('https://me:secret@git.example.org/x')), /secret/);
  });

  it('is taken from the folder that names it, if it is a path', () => {
    assert.equal(addressFrom('/srv/site', '../roles'), '/srv/roles');
    assert.equal(addressFrom('/srv/site', './a:b'), '/srv/site/a:b');
    assert.equal(addressFrom('/srv/site', 'git@host:roles'), 'git@host:roles');
    assert.equal(addressFrom('/srv/site', 'https://host/roles'), 'https://host/roles');
  });
});
