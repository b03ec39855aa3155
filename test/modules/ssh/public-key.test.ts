import assert from 'node:assert/strict';
import { type PublicKey, parseKey, withKeys, withoutKeys } from '../../../src/host/ssh/public-key.ts';

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBz3n4kFsbpIEhN5Ze4CTuSPTWrpFqeDXZ6l6XcVOJ1y';

function keysOf(...lines: readonly string[]): PublicKey[] {
  return lines.flatMap(line => parseKey(line) ?? []);
}

describe('public keys of a file', () => {
  it('of which two lines name one: the last counts, at once and for good', () => {
    const wanted = keysOf(`${key} ann@old`, `no-pty ${key} ann@new`);
    for (const before of ['', `${key} ann@older\n`]) {
      const text = withKeys(before, wanted, false);
      assert.equal(text, `no-pty ${key} ann@new\n`);
      assert.equal(withKeys(text, wanted, false), text);
    }
  });

  it('which sign others are entries of their own', () => {
    const authority = `cert-authority,principals="a,b" ${key}`;
    const both = keysOf(key, authority);
    assert.equal(withKeys('', both, false), `${key}\n${authority}\n`);
    assert.equal(withKeys(`${authority}\n`, keysOf(key), false), `${authority}\n${key}\n`);
    assert.equal(withKeys(`${authority}\n`, keysOf(key), true), `${key}\n`);
    assert.equal(withoutKeys(`${key}\n${authority}\n`, keysOf(key)), `${authority}\n`);
    const named = `command="cert-authority" ${key}`;
    assert.equal(withoutKeys(`${named}\n`, keysOf(key)), '');
  });
});
