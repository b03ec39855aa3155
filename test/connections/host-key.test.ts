import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Target } from '../../src/connections/connection.ts';
import { hostKeyVerifier } from '../../src/connections/ssh/host-key.ts';
import type { SshSettings } from '../../src/connections/ssh-config.ts';

/** A key as it comes in a handshake: its type and its content, each behind its length. */
function keyOf(content: string): Buffer {
  const parts = ['ssh-ed25519', content].flatMap(part => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    return [length, Buffer.from(part)];
  });
  return Buffer.concat(parts);
}

describe('accept-new', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hw-accept-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function verifier(knownHostsFiles: readonly string[]) {
    const settings = { hostname: 'hv1', port: 22, knownHostsFiles, acceptNew: true } as unknown as SshSettings;
    return hostKeyVerifier({ host: 'hv1' } as Target, settings);
  }

  it('remembers the key, and then takes no other', () => {
    const file = join(folder, 'known_hosts');
    assert.equal(verifier([file]).verify(keyOf('one')), true);
    assert.equal(verifier([file]).verify(keyOf('one')), true);
    assert.equal(verifier([file]).verify(keyOf('two')), false);
  });

  it('accepts nothing where there is no file to remember it in', () => {
    const check = verifier([]);
    assert.equal(check.verify(keyOf('one')), false);
    assert.match(check.refusal()?.message ?? '', /^The key of hv1 is not known/);
    assert.ok(!existsSync('~'));
  });
});

describe('what to do about a key that is not known', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hw-hint-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function hint(more: Partial<SshSettings>): string {
    const settings = { hostname: 'hv1', port: 22, knownHostsFiles: [], acceptNew: false, wantsNoCheck: false, ...more };
    const check = hostKeyVerifier({ host: 'hv1' } as Target, settings as SshSettings);
    check.verify(keyOf('one'));
    return check.refusal()?.hint ?? '';
  }

  it('is to add it to a file, or to name one', () => {
    assert.match(
      hint({ knownHostsFiles: [join(folder, 'known')] }),
      /run once with --host-key-checking accept-new, or add it: ssh-keyscan hv1 >>\S*\/known$/,
    );
    assert.match(hint({}), /name a file for it with ansible_ssh_known_hosts_file/);
  });

  it('says that "StrictHostKeyChecking no" is not followed', () => {
    assert.match(hint({ wantsNoCheck: true }), /^"StrictHostKeyChecking no" is not followed\./);
  });

  it('says what checks certificates where an authority is for the host', () => {
    const file = join(folder, 'known');
    writeFileSync(file, `@cert-authority hv* ssh-ed25519 ${keyOf('ca').toString('base64')}\n`);
    assert.match(
      hint({ knownHostsFiles: [file] }),
      /^The certificate authority at .*known:1 is for it\. Only the program ssh can check certificates/,
    );
    assert.doesNotMatch(hint({ knownHostsFiles: [file], hostname: 'web' }), /authority/);
  });
});
