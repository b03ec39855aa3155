import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addKeyCommand,
  fingerprint,
  keyType,
  knownHostName,
  readKnownHosts,
  rememberHost,
  removeKeyCommand,
} from '../../src/connections/known-hosts.ts';

interface Key {
  readonly type: string;
  readonly text: string;
  readonly blob: Buffer;
}

let folder = '';
let keys: { readonly one: Key; readonly other: Key; readonly rsa: Key };

function generate(name: string, type: string): Key {
  const file = join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', file]);
  const [kind, text] = readFileSync(`${file}.pub`, 'utf8').split(' ');
  return { type: kind!, text: text!, blob: Buffer.from(text!, 'base64') };
}

function known(text: string): ReturnType<typeof readKnownHosts> {
  const file = join(folder, 'known_hosts');
  writeFileSync(file, text);
  return readKnownHosts([join(folder, 'nowhere'), file]);
}

describe('known_hosts', () => {
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hw-known-'));
    keys = { one: generate('one', 'ed25519'), other: generate('other', 'ed25519'), rsa: generate('rsa', 'rsa') };
  });
  after(() => rmSync(folder, { recursive: true }));

  const line = (patterns: string, { type, text }: Key) => `${patterns} ${type} ${text}\n`;
  const verdict = (text: string, name: string, { blob }: Key) => known(text).verdict(name, blob).kind;

  it('names a host with its port, unless that is 22', () => {
    assert.equal(knownHostName('HV1.example', 22), 'hv1.example');
    assert.equal(knownHostName('hv1', 2222), '[hv1]:2222');
    assert.equal(knownHostName('fe80::1', 22), 'fe80::1');
  });

  it('knows plain names, lists, ports, wildcards and negations', () => {
    const { one } = keys;
    const rows: readonly (readonly [string, string, string])[] = [
      ['hv1', 'hv1', 'known'],
      ['hv1', 'hv2', 'unknown'],
      ['HV1', 'hv1', 'known'],
      ['hv1,10.0.0.7', '10.0.0.7', 'known'],
      ['[hv1]:2222', '[hv1]:2222', 'known'],
      ['hv1', '[hv1]:2222', 'unknown'],
      ['[hv1]:2222', 'hv1', 'unknown'],
      ['*.lab', 'hv1.lab', 'known'],
      ['*.lab', 'hv1xlab', 'unknown'],
      ['hv?', 'hv7', 'known'],
      ['hv?', 'hv17', 'unknown'],
      ['*.lab,!old.lab', 'old.lab', 'unknown'],
      ['!old.lab,*.lab', 'new.lab', 'known'],
      ['[*]:2222', '[hv1]:2222', 'known'],
    ];
    for (const [patterns, name, expected] of rows) {
      assert.equal(verdict(line(patterns, one), name, one), expected, `${patterns} for ${name}`);
    }
  });

  it('knows names that ssh-keygen -H hashed', () => {
    const { one, other } = keys;
    const file = join(folder, 'hashed');
    writeFileSync(file, line('hv1', one) + line('[hv2]:2222', one));
    execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
    const text = readFileSync(file, 'utf8');
    assert.match(text, /^(\|1\|\S+ ssh-ed25519 \S+\n){2}$/);
    assert.equal(verdict(text, 'hv1', one), 'known');
    assert.equal(verdict(text, '[hv2]:2222', one), 'known');
    assert.equal(verdict(text, 'hv2', one), 'unknown');
    assert.equal(verdict(text, 'hv1', other), 'changed');
  });

  it('says where the key stands that a host had before', () => {
    const { one, other, rsa } = keys;
    const found = known(`# kept by hand\n\n${line('hv1', rsa)}${line('hv1', one)}`).verdict('hv1', other.blob);
    assert.deepEqual(found, { kind: 'changed', at: `${join(folder, 'known_hosts')}:4` });
  });

  it('takes any of several keys of a host', () => {
    const { one, other } = keys;
    assert.equal(verdict(line('hv1', one) + line('hv1', other), 'hv1', other), 'known');
  });

  it('refuses a revoked key, also where another line knows it', () => {
    const { one, other } = keys;
    const text = `${line('hv1', one)}@revoked ${line('*', one)}`;
    assert.deepEqual(known(text).verdict('hv1', one.blob), { kind: 'revoked', at: `${join(folder, 'known_hosts')}:2` });
    assert.equal(verdict(text, 'hv1', other), 'changed');
  });

  it('takes the line of a certificate authority for no key of the host', () => {
    const found = known(`\n@cert-authority ${line('*', keys.one)}`).verdict('hv1', keys.one.blob);
    assert.deepEqual(found, { kind: 'unknown', authority: `${join(folder, 'known_hosts')}:2` });
  });

  it('names a file that is a directory or a pipe, and does not wait for it', () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const file of [folder, pipe]) {
      assert.throws(() => readKnownHosts([file]), {
        code: 'hostkey.file',
        message: /cannot be read: it is not a file/,
      });
    }
  });

  it('passes over lines that are cut short', () => {
    assert.equal(
      verdict(`hv1\nhv1 ssh-ed25519\n|1|broken ssh-ed25519 AAAA\n${line('hv1', keys.one)}`, 'hv1', keys.one),
      'known',
    );
  });

  it('asks for the types first that it knows of a host', () => {
    const text = line('hv1', keys.rsa) + line('hv*', keys.one) + line('hv2', keys.other);
    assert.deepEqual(known(text).typesOf('hv1'), ['ssh-rsa', 'ssh-ed25519']);
  });

  it('remembers a new host, with and without a newline at the end of the file', () => {
    for (const before of [undefined, '', line('hv0', keys.other), line('hv0', keys.other).trimEnd()]) {
      const file = join(folder, 'new', 'known_hosts');
      if (before !== undefined) writeFileSync(file, before);
      rememberHost(file, '[hv1]:2222', keys.one.blob);
      const text = readFileSync(file, 'utf8');
      assert.equal(text, `${before ? line('hv0', keys.other) : ''}${line('[hv1]:2222', keys.one)}`);
      assert.equal(readKnownHosts([file]).verdict('[hv1]:2222', keys.one.blob).kind, 'known');
      if (before === undefined) assert.equal(statSync(file).mode & 0o777, 0o600);
    }
  });

  it('shows a key as ssh-keygen -l does, and the command that fetches it', () => {
    const shown = execFileSync('ssh-keygen', ['-l', '-f', join(folder, 'one.pub')], { encoding: 'utf8' }).split(' ')[1];
    assert.equal(fingerprint(keys.one.blob), shown);
    assert.equal(keyType(keys.rsa.blob), 'ssh-rsa');
    assert.equal(addKeyCommand('hv1', 22, '/tmp/known'), 'ssh-keyscan hv1 >>/tmp/known');
    assert.equal(
      addKeyCommand('hv1', 2222, '/tmp/no folder/known'),
      "mkdir -p -m 700 '/tmp/no folder' && ssh-keyscan -p 2222 hv1 >>'/tmp/no folder/known'",
    );
    assert.equal(removeKeyCommand('[hv1]:2222', '/tmp/known:7'), "ssh-keygen -R '[hv1]:2222' -f /tmp/known");
  });
});
