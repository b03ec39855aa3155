import assert from 'node:assert/strict';
import { linesReporter } from '../../src/reporters/lines.ts';
import { terminalReporter } from '../../src/reporters/terminal.ts';
import { done, ends, type Moment, result, task, tell } from './story.ts';

const upgrade = task('Upgrade');
const ran = result('changed', 'it ran', { fields: { stdout: 'one\ntwo\n', stderr: '' } });

function printed(host: string, text: string, dropped = 0): Moment {
  return [1, { type: 'task.output', host, task: upgrade, stream: 'stdout', text, dropped }];
}

const story: Moment[] = [
  [0, { type: 'play.started', play: 'Tune', hosts: ['h1', 'h2'], tasks: 1 }],
  ...['h1', 'h2'].flatMap(host => [
    ...done(host, upgrade, ran, [0, 2]),
    printed(host, 'one'),
    printed(host, 'two\u001b[31m', 3),
  ]),
  ...done('h1', task('Look'), ran, [3, 3.1]),
  ...ends(4, { h1: { ok: 2, changed: 2 }, h2: { ok: 1, changed: 1 } }),
];

for (const [name, make] of Object.entries({ lines: linesReporter, terminal: terminalReporter })) {
  describe(`the ${name} reporter that follows a host`, () => {
    it('shows what its tasks print, while they print it or at their end, each line once', async () => {
      const text = await tell(make, story, { follow: new Set(['h1']) });
      const lines = text.split('\n').filter(line => line.includes(' | '));
      assert.deepEqual(lines, ['h1 | one', 'h1 | … 3 lines left out', 'h1 | two\\x1b[31m', 'h1 | one', 'h1 | two']);
      assert.ok(text.indexOf('h1 | one') < text.indexOf('Upgrade'), text);
    });

    it('shows nothing of it without being asked', async () => {
      assert.doesNotMatch(await tell(make, story), / \| /);
    });

    it('says with -v at the end what a short task printed only with its result', async () => {
      const text = await tell(make, story, { follow: new Set(['h1']), verbosity: 1 });
      assert.equal(text.match(/^h1 \| one$/gm)?.length, 1);
    });
  });
}
