import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Decision } from '../../src/decision.ts';
import { uri } from '../../src/modules/uri/uri.ts';
import { check, converge, type Host } from './converge.ts';
import { eachShell, timeline } from './timeline.ts';

/**
 * A server of its own, since the harness waits for each shell. It answers with what it was asked,
 * and counts what is not GET.
 */
const program = `
let posts = 0;
const server = require('node:http').createServer((request, response) => {
  const chunks = [];
  request.on('data', chunk => chunks.push(chunk)).on('end', () => {
    const { method, url, headers } = request;
    if (method !== 'GET' && method !== 'HEAD') posts += 1;
    if (url === '/posts') return response.end(String(posts));
    if (url === '/binary') return response.end(Buffer.from([0, 10, 13, 10, 255, 0]));
    if (url === '/empty') return response.writeHead(204).end();
    if (url === '/broken') { response.setHeader('content-type', 'application/json'); return response.end('{'); }
    if (url === '/cut') { response.writeHead(200, {'content-length': 100}); response.write('half'); return setTimeout(() => response.destroy(), 50); }
    if (url === '/slow') return setTimeout(() => response.end('late'), 5000);
    if (url === '/moved') return response.writeHead(302, { location: '/target', 'set-cookie': 'lost=1' }).end('moved');
    if (url.startsWith('/status/')) return response.writeHead(Number(url.slice(8)), { 'x-twice': ['a', 'b'] }).end('said\\n200 4 0.1 0 http://forged/\\n');
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.setHeader('x-method', method);
    response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }));
  });
}).listen(0, '127.0.0.1', () => console.log(server.address().port));`;

interface Echo {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

describe('uri, on this machine', () => {
  let server: ChildProcess;
  let base = '';

  before(async () => {
    server = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [port] = (await once(server.stdout!, 'data')) as [Buffer];
    base = `http://127.0.0.1:${port.toString().trim()}`;
  });
  after(() => server.kill());

  function result(decision: Decision): Readonly<Record<string, unknown>> {
    assert.notEqual(decision.kind, 'refuse', JSON.stringify(decision));
    return decision.kind === 'refuse' ? {} : (decision.result ?? {});
  }

  const posts = (host: Host) =>
    Number(result(check(host, uri, { url: `${base}/posts`, return_content: true })).content);

  eachShell('reads in check mode too, and is never changed', host => {
    const url = `${base}/a?x=$(id)&y=%22`;
    const seen = check(host, uri, {
      url,
      headers: { 'X-Token': 'a "b" \\ $(id)', 'X-Empty': '' },
      return_content: true,
    });
    assert.equal(seen.kind, 'ok');
    const { json, content, headers, status, redirected, elapsed } = result(seen);
    const echo = json as Echo;
    assert.deepEqual([status, redirected, typeof elapsed, echo.method], [200, false, 'number', 'GET']);
    assert.deepEqual(
      [echo.url, echo.headers['x-token'], echo.headers['x-empty']],
      ['/a?x=$(id)&y=%22', 'a "b" \\ $(id)', ''],
    );
    assert.deepEqual(JSON.parse(String(content)), echo);
    assert.equal((headers as Echo['headers'])['content-type'], 'application/json; charset=utf-8');
    const quiet = result(check(host, uri, { url: `${base}/posts` }));
    assert.deepEqual(Object.keys(quiet).toSorted(), ['elapsed', 'headers', 'redirected', 'status', 'url']);
    assert.equal(result(check(host, uri, { url: `${base}/broken` })).json, undefined);
    assert.equal(result(check(host, uri, { url: `${base}/empty`, status_code: 204 })).status, 204);
    const head = result(check(host, uri, { url, method: 'HEAD' }));
    assert.deepEqual([head.status, (head.headers as Echo['headers'])['x-method']], [200, 'HEAD']);
  });

  eachShell('follows redirects of what reads, and reads the last headers', host => {
    const followed = result(check(host, uri, { url: `${base}/moved` }));
    assert.deepEqual(
      [followed.url, followed.redirected, (followed.json as Echo).url],
      [`${base}/target`, true, '/target'],
    );
    assert.equal((followed.headers as Echo['headers'])['set-cookie'], undefined);
    const stopped = result(check(host, uri, { url: `${base}/moved`, follow_redirects: 'none', status_code: [302] }));
    assert.deepEqual([stopped.status, stopped.redirected], [302, false]);
    const sent = result(converge(host, uri, { url: `${base}/moved`, method: 'POST', status_code: 302 }));
    assert.equal(sent.status, 302);
    const all = result(converge(host, uri, { url: `${base}/moved`, method: 'POST', follow_redirects: 'all' }));
    assert.equal((all.json as Echo).method, 'GET');
  });

  eachShell('sends everything else once, and only in earnest', host => {
    const before = posts(host);
    const args = { url: `${base}/hosts`, method: 'POST', body_format: 'json', body: { name: 'it\'s\n\t"$(id)" \\ ü' } };
    assert.equal(check(host, uri, args).kind, 'change');
    assert.equal(posts(host), before);
    const echo = result(converge(host, uri, args)).json as Echo;
    assert.equal(posts(host), before + 1);
    assert.deepEqual(
      [echo.method, echo.headers['content-type'], JSON.parse(echo.body)],
      ['POST', 'application/json', args.body],
    );
    const form = { ...args, method: 'PUT', body_format: 'form-urlencoded', body: { a: 'x y&', b: [1, 2] } };
    const put = result(converge(host, uri, form)).json as Echo;
    assert.deepEqual(
      [put.method, put.headers['content-type'], put.body],
      ['PUT', 'application/x-www-form-urlencoded', 'a=x+y%26&b=1&b=2'],
    );
    const raw = { url: `${base}/x`, method: 'DELETE', body: '@/etc/passwd\n' };
    assert.deepEqual([(result(converge(host, uri, raw)).json as Echo).body], ['@/etc/passwd\n']);
    assert.equal((result(converge(host, uri, { url: `${base}/x`, method: 'POST' })).json as Echo).body, '');
  });

  eachShell('fails for another status, and cannot be deceived by the content', host => {
    const refused = check(host, uri, { url: `${base}/status/503` });
    assert.match(JSON.stringify(refused), /answered with 503, not 200: said/);
    const good = result(check(host, uri, { url: `${base}/status/503`, status_code: [200, 503], return_content: true }));
    assert.equal(good.content, 'said\n200 4 0.1 0 http://forged/\n');
    assert.equal((good.headers as Echo['headers'])['x-twice'], 'a, b');
    assert.throws(
      () => converge(host, uri, { url: `${base}/status/409`, method: 'POST' }),
      /send left with 1: POST was answered with 409/,
    );
  });

  eachShell('cannot tell what did not come', host => {
    assert.match(JSON.stringify(check(host, uri, { url: `${base}/cut` })), /cannot tell: .*did not answer/);
    assert.match(JSON.stringify(check(host, uri, { url: `${base}/slow`, timeout: 1 })), /cannot tell: .*timed out/);
    assert.match(JSON.stringify(check(host, uri, { url: 'http://127.0.0.1:1/' })), /cannot tell: .*did not answer/);
    const without = { ...host, without: ['curl'] };
    for (const method of ['GET', 'POST'])
      assert.match(JSON.stringify(check(without, uri, { url: base, method })), /cannot tell: the host has no curl/);
  });

  timeline('brings content to a file', {
    module: uri,
    args: at => ({ url: `${base}/binary`, dest: join(at, 'f') }),
    proof: at => {
      assert.deepEqual([...readFileSync(join(at, 'f'))], [0, 10, 13, 10, 255, 0]);
      assert.deepEqual(readdirSync(at), ['f']);
    },
    disturb: at => writeFileSync(join(at, 'f'), 'other'),
  });

  eachShell('keeps the mode of a file, and leaves nothing where it fails', (host, at) => {
    const dest = join(at, 'f');
    converge(host, uri, { url: `${base}/binary`, dest });
    assert.equal(statSync(dest).mode & 0o777, 0o600);
    chmodSync(dest, 0o640);
    const sent = result(converge(host, uri, { url: `${base}/status/201`, method: 'POST', status_code: 201, dest }));
    assert.deepEqual([sent.status, sent.path, statSync(dest).mode & 0o777], [201, dest, 0o640]);
    assert.throws(() => converge(host, uri, { url: `${base}/status/409`, method: 'POST', dest }), /answered with 409/);
    assert.match(readFileSync(dest, 'utf8'), /^said/);
    assert.match(
      JSON.stringify(check(host, uri, { url: base, dest: join(at, 'no/f') })),
      /directory .*no does not exist/,
    );
  });

  eachShell('asks nothing where creates or removes says so', (host, at) => {
    const args = { url: `${base}/x`, method: 'POST' };
    assert.equal(check(host, uri, { ...args, creates: `${at}/a*` }).kind, 'change');
    assert.equal(check(host, uri, { ...args, removes: `${at}/a*` }).kind, 'ok');
    writeFileSync(join(at, 'a1'), '');
    assert.equal(check(host, uri, { ...args, creates: `${at}/a*` }).kind, 'ok');
    assert.equal(check(host, uri, { url: 'http://127.0.0.1:1/', creates: `${at}/a1` }).kind, 'ok');
  });

  it('shows no secret in an argument list', () => {
    // A curl that tells its arguments, and then is curl.
    const folder = mkdtempSync(join(tmpdir(), 'hostwright-curl-'));
    writeFileSync(join(folder, 'curl'), '#!/bin/sh\nprintf "%s\\n" "$@" >> "$0.log"\nexec /usr/bin/curl "$@"\n', {
      mode: 0o755,
    });
    const path = process.env.PATH;
    process.env.PATH = `${folder}:${path}`;
    try {
      const secret = { headers: { Authorization2: 's3cret' }, url_username: 'kvm', url_password: 's3cret"\\' };
      const args = { url: `${base}/x?token=s3cret`, body: 's3cret', ...secret };
      const got = result(check({ shell: ['sh'] }, uri, args)).json as Echo;
      const sent = result(converge({ shell: ['sh'] }, uri, { ...args, method: 'POST' })).json as Echo;
      for (const echo of [got, sent]) {
        assert.equal(echo.headers.authorization, `Basic ${Buffer.from('kvm:s3cret"\\').toString('base64')}`);
        assert.equal(echo.body, 's3cret');
      }
      const log = readFileSync(join(folder, 'curl.log'), 'utf8');
      assert.match(log, /^-K$/m);
      assert.doesNotMatch(log, /s3cret/);
    } finally {
      process.env.PATH = path;
      rmSync(folder, { recursive: true });
    }
  });
});
