import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { workshop } from './cli.ts';

const { path, write, run, start } = workshop();

interface Message {
  readonly run: string;
  readonly title: string;
  readonly exitCode: number;
  readonly transitions: {
    readonly bad: readonly { readonly host: string; readonly status: string }[];
    readonly recovered: readonly string[];
    readonly drift: readonly { readonly hosts: readonly string[]; readonly task: string; readonly subject?: string }[];
  };
}

/** What a server was sent. */
interface Sent {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Runs a command while this process answers it. */
async function ran(...words: readonly string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const child = start(...words);
  const output = Promise.all([text(child.stdout!), text(child.stderr!)]);
  const [exitCode] = (await once(child, 'close')) as [number];
  const [stdout, stderr] = await output;
  return { exitCode, stdout, stderr };
}

const undelivered = '.local/state/hostwright/undelivered';

function waiting(): readonly string[] {
  return existsSync(path(undelivered)) ? readdirSync(path(undelivered)).toSorted() : [];
}

describe('notify', function () {
  this.timeout(120_000);
  let server: Server;
  let sent: Sent[];
  let status: number;
  let url: string;
  beforeEach(async () => {
    [sent, status] = [[], 204];
    server = createServer(async (request, response) => {
      const body = await text(request);
      if (status < 300) sent.push({ headers: request.headers, body });
      if (status !== 0) response.writeHead(status).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/token`;
    write({
      'hosts.ini': 'h1\n',
      secret: 'a secret\n',
      'hostwright.yml': `connection: local\ninventory: [hosts.ini]\nnotify: {url: "${url}", secret_file: secret}\n`,
      'site.yml': playbook('right'),
    });
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  /** A playbook that fails as long as a file is there, and writes another one. */
  function playbook(content: string): string {
    return `- hosts: all
  tasks:
    - name: Look whether it is broken
      command: {argv: [test, '!', -e, ${path('broken')}], reads: true}
    - name: Write the settings
      copy: {dest: ${path('settings')}, content: "${content}"}
`;
  }
  const messages = () => sent.map(({ body }) => JSON.parse(body) as Message);

  it('tells a URL of a host that goes bad and recovers, once each, with a signature', async () => {
    assert.equal((await ran('play', 'site.yml')).exitCode, 0);
    assert.equal(sent.length, 0);
    write({ broken: '' });
    for (const _ of [1, 2]) assert.equal((await ran('play', 'site.yml')).exitCode, 2);
    const [bad] = messages();
    assert.equal(sent.length, 1);
    assert.deepEqual(bad?.transitions, { bad: [{ host: 'h1', status: 'failed' }], recovered: [], drift: [] });
    assert.deepEqual([bad.title, bad.exitCode], ['site.yml', 2]);
    const wanted = createHmac('sha256', 'a secret').update(sent[0]!.body).digest('hex');
    assert.equal(sent[0]!.headers['x-hostwright-signature'], `sha256=${wanted}`);
    rmSync(path('broken'));
    for (const _ of [1, 2]) assert.equal((await ran('play', 'site.yml')).exitCode, 0);
    assert.equal(sent.length, 2);
    assert.deepEqual(messages()[1]?.transitions.recovered, ['h1']);
    assert.deepEqual(waiting(), []);
  });

  it('tells of new drift that is not accepted, once', async () => {
    assert.equal((await ran('play', 'site.yml')).exitCode, 0);
    writeFileSync(path('settings'), 'by hand');
    for (const _ of [1, 2]) assert.equal((await ran('drift', 'site.yml')).exitCode, 3);
    const [message] = messages();
    assert.equal(sent.length, 1);
    assert.equal(message?.exitCode, 3);
    const [drift] = message.transitions.drift;
    assert.deepEqual([drift?.hosts, drift?.task, drift?.subject], [['h1'], 'Write the settings', path('settings')]);
    write({
      'site.yml': playbook('other'),
      'drift.yml': '- {module: copy, until: 2999-12-31, reason: x}\n',
    });
    assert.equal((await ran('drift', 'site.yml')).exitCode, 0);
    assert.equal(sent.length, 1);
  });

  it('keeps what cannot be delivered, and sends it with the next run, oldest first', async () => {
    status = 503;
    write({ broken: '' });
    const first = await ran('play', 'site.yml');
    assert.equal(first.exitCode, 2);
    assert.match(
      first.stderr,
      /^Not notified: 127\.0\.0\.1:\d+ answered 503: what is to be told waits for the next run\.$/m,
    );
    assert.doesNotMatch(first.stderr, /token/);
    rmSync(path('broken'));
    assert.equal((await ran('play', 'site.yml')).exitCode, 0);
    assert.equal(waiting().length, 2);
    status = 200;
    assert.equal((await ran('play', 'site.yml')).exitCode, 0);
    assert.deepEqual(
      messages().map(({ transitions: { bad, recovered } }) => [bad.length, recovered.length]),
      [
        [1, 0],
        [0, 1],
      ],
    );
    assert.deepEqual(waiting(), []);
  });

  it('waits ten seconds at most for an answer', async () => {
    status = 0;
    write({ broken: '' });
    const begun = Date.now();
    const { exitCode, stderr } = await ran('play', 'site.yml');
    assert.equal(exitCode, 2);
    assert.match(stderr, /did not answer in time/);
    assert.ok(Date.now() - begun < 25_000);
  });

  it('keeps a hundred messages, and drops the oldest', async () => {
    status = 503;
    mkdirSync(path(undelivered), { recursive: true });
    for (let at = 100; at < 205; at += 1) write({ [`${undelivered}/00${at}.json`]: '{}' });
    write({ broken: '' });
    await ran('play', 'site.yml');
    assert.equal(waiting().length, 100);
    assert.equal(waiting()[0], '00106.json');
  });

  it('gives a program the message on its standard input, and says when that fails', () => {
    write({
      'hostwright.yml': 'connection: local\ninventory: [hosts.ini]\nnotify: {program: tell.sh}\n',
      'tell.sh': `#!/bin/sh\ncat >> ${path('told')}\n`,
      broken: '',
    });
    chmodSync(path('tell.sh'), 0o755);
    assert.equal(run('play', 'site.yml').exitCode, 2);
    const told = JSON.parse(readFileSync(path('told'), 'utf8')) as Message;
    assert.deepEqual(told.transitions.bad, [{ host: 'h1', status: 'failed' }]);
    rmSync(path('broken'));
    write({ 'tell.sh': '#!/bin/sh\nsleep 60 & exit 7\n' });
    const { exitCode, stderr } = run('play', 'site.yml');
    assert.equal(exitCode, 0);
    assert.match(stderr, /^Not notified: \S+tell\.sh ended with 7: what is to be told waits/m);
  });

  it('refuses settings that cannot be meant, before a host is touched', () => {
    const wrong: readonly (readonly [string, RegExp])[] = [
      ['{url: "http://example.org/"}', /The URL of notify must begin with https:/],
      ['{url: "ftp://example.org/"}', /hostwright\.yml:3:15: "url" must be a URL that begins with https:/],
      ['{url: "https://example.org/", program: tell.sh}', /names a URL and a program/],
      ['{program: gone.sh}', /hostwright\.yml:3:19: "notify\.program" names gone\.sh, which is not there/],
      ['{secret_file: secret, adress: x}', /hostwright\.yml:3:31: unknown name "adress"/],
    ];
    write({ 'tell.sh': '' });
    for (const [notify, message] of wrong) {
      write({ 'hostwright.yml': `connection: local\ninventory: [hosts.ini]\nnotify: ${notify}\n` });
      const { exitCode, stderr } = run('play', 'site.yml');
      assert.equal(exitCode, 5, stderr);
      assert.match(stderr, message);
    }
    assert.ok(!existsSync(path('settings')));
  });
});
