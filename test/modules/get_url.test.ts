import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getUrl } from '../../src/modules/get_url/get_url.ts';
import { check, converge } from './converge.ts';
import { eachShell, timeline } from './timeline.ts';

/**
 * A server of its own, since the harness waits for each shell. It answers with what it was asked.
 */
const program = `
const server = require('node:http').createServer((request, response) => {
  if (request.url.startsWith('/missing')) return response.writeHead(404).end('no');
  if (request.url.startsWith('/cut')) { response.writeHead(200, {'content-length': 100}); response.write('half'); return setTimeout(() => response.destroy(), 50); }
  response.end(request.url + ' ' + (request.headers['x-token'] ?? '') + '\\n');
}).listen(0, '127.0.0.1', () => console.log(server.address().port));`;

describe('get_url, on this machine', () => {
  let server: ChildProcess;
  let base = '';

  before(async () => {
    server = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [port] = (await once(server.stdout!, 'data')) as [Buffer];
    base = `http://127.0.0.1:${port.toString().trim()}`;
  });
  after(() => server.kill());

  const sha256 = createHash('sha256').update('/a.iso?x=$(id)&y=%22 \n').digest('hex');

  timeline('fetches into a directory and owns the hash', {
    module: getUrl,
    args: at => ({
      url: `${base}/a.iso?x=$(id)&y=%22`,
      dest: join(at, 'isos'),
      checksum: `sha256:${sha256}`,
      mode: '0640',
    }),
    before: at => mkdirSync(join(at, 'isos')),
    proof: at => {
      assert.deepEqual(readdirSync(join(at, 'isos')), ['a.iso']);
      assert.equal(readFileSync(join(at, 'isos/a.iso'), 'utf8'), '/a.iso?x=$(id)&y=%22 \n');
      assert.equal(statSync(join(at, 'isos/a.iso')).mode & 0o777, 0o640);
    },
    disturb: at => writeFileSync(join(at, 'isos/a.iso'), 'other'),
  });

  timeline('sends headers and leaves a file without a hash alone', {
    module: getUrl,
    args: at => ({ url: `${base}/b`, dest: join(at, 'b'), headers: { 'X-Token': 'a "b" \\ $(id)' } }),
    proof: at => assert.equal(readFileSync(join(at, 'b'), 'utf8'), '/b a "b" \\ $(id)\n'),
  });

  eachShell('a wrong hash, an error and a cut transfer leave nothing', (host, at) => {
    const dest = join(at, 'f');
    const get = (args: object) => () => converge(host, getUrl, { dest, ...args });
    assert.throws(get({ url: `${base}/f`, checksum: `sha256:${'0'.repeat(64)}` }), /has another sha256 hash than 0+:/);
    assert.throws(get({ url: `${base}/missing` }), /fetch left with/);
    assert.throws(get({ url: `${base}/cut` }), /fetch left with/);
    assert.deepEqual(readdirSync(at), []);
  });

  eachShell('wget is good enough without headers', (host, at) => {
    // A static busybox may crash in the resolver of its C library (Debian 12 does).
    if (host.shell[0] === 'busybox') return;
    const only = { ...host, without: ['curl'] };
    assert.equal(converge(only, getUrl, { url: `${base}/w`, dest: join(at, 'w') }).kind, 'change');
    assert.equal(readFileSync(join(at, 'w'), 'utf8'), '/w \n');
    const refused = check(only, getUrl, { url: `${base}/w`, dest: join(at, 'x'), headers: { A: 'b' } });
    assert.match(JSON.stringify(refused), /headers need curl/);
  });
});
