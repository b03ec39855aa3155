import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { xml } from '../../src/modules/xml/xml.ts';
import { check, converge } from './converge.ts';
import { eachShell, timeline } from './timeline.ts';

const config = (value: string) =>
  `<?xml version="1.0"?>\n<!-- it's "mine" -->\n<server   port='80'>\n\t<name>ä</name>\n${value}</server>\n`;

describe('xml, on this machine', () => {
  timeline('owns an element through a link, and nothing else', {
    module: xml,
    args: at => ({ path: join(at, 'link'), xpath: "/server/log[@level='it']", value: '$(id) <%s> \\' }),
    before: at => {
      writeFileSync(join(at, 'real'), config(''));
      chmodSync(join(at, 'real'), 0o640);
      symlinkSync('real', join(at, 'link'));
    },
    proof: at => {
      const wanted = config('\t<log level="it">$(id) &lt;%s&gt; \\</log>\n');
      assert.equal(readFileSync(join(at, 'real'), 'utf8'), wanted);
      assert.equal(statSync(join(at, 'real')).mode & 0o777, 0o640);
    },
    disturb: at => writeFileSync(join(at, 'real'), config('\t<log level="it"/>\n')),
  });

  timeline('removes elements, keeps a backup, and validates', {
    module: xml,
    args: at => ({
      ...{ path: join(at, 'conf'), xpath: '//log', state: 'absent' },
      ...{ backup: true, validate: 'grep -q server %s', mode: '0600' },
    }),
    before: at => writeFileSync(join(at, 'conf'), config('\t<log/>\n\t<log>x</log>\n')),
    proof: at => {
      assert.equal(readFileSync(join(at, 'conf'), 'utf8'), config(''));
      assert.equal(statSync(join(at, 'conf')).mode & 0o777, 0o600);
      assert.ok(readdirSync(at).some(name => name.endsWith('~')));
    },
    disturb: at => writeFileSync(join(at, 'conf'), config('\t<log/>\n')),
  });

  eachShell('looks, and changes nothing', (host, at) => {
    const path = join(at, 'conf');
    writeFileSync(path, config('\t<log/>\n'));
    const { result } = converge(host, xml, { path, xpath: '/server/*', content: 'text' }) as { result?: object };
    assert.partialDeepStrictEqual(result, { count: 2, matches: [{ name: 'ä' }, { log: '' }] });
    assert.equal(readFileSync(path, 'utf8'), config('\t<log/>\n'));
  });

  eachShell('refuses what is missing, and what is not XML', (host, at) => {
    const path = join(at, 'conf');
    assert.match(JSON.stringify(check(host, xml, { path, xpath: '/a' })), /does not exist/);
    writeFileSync(path, '<a><b></a>');
    assert.match(JSON.stringify(check(host, xml, { path, xpath: '/a' })), /is not well-formed XML/);
  });
});
