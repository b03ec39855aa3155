import assert from 'node:assert/strict';
import { ValueError } from '../../src/values/errors.ts';
import { createScope } from '../../src/values/scope.ts';

const scope = createScope([
  {
    origin: 't',
    values: {
      port: 80,
      tls: { on: true },
      letters: ['a'],
      hosts: [
        { name: 'a', tls: {} },
        { name: 'b', port: 8080 },
      ],
    },
  },
]);

describe('a helper that asks for what may be missing, in a loop', () => {
  for (const [text, variable, hint] of [
    [
      '{{#each hosts}}{{ default port 1 }}{{/each}}',
      'port',
      'Write ../port for the variable. Write this.port for a field that the item may lack.',
    ],
    [
      '{{#each letters as |one|}}{{#if (truthy tls.on)}}{{ one }}{{/if}}{{/each}}',
      'tls.on',
      'Write ../tls.on for the variable. Write this.tls.on for a field that the item may lack.',
    ],
    [
      '{{#each hosts}}{{#with name}}{{ default ../port 1 }}{{/with}}{{/each}}',
      '../port',
      'Write ../../port for the variable.',
    ],
  ] as const) {
    it(`does not take the fallback for the variable in ${text}`, () => {
      const message = `"${variable}" is not in the item of this loop, but a variable from outside is`;
      assert.throws(() => scope.evaluate(text), { message, hint, offset: text.indexOf(variable) });
    });
  }

  for (const [text, gives] of [
    ['{{#each hosts}}{{ default ../port 1 }} {{/each}}', '80 80 '],
    ['{{#each hosts}}{{ default this.port 1 }} {{/each}}', '1 8080 '],
    ['{{#each hosts}}{{ default @root.port 1 }} {{/each}}', '80 80 '],
    ['{{#each hosts as |host|}}{{ default host.port 1 }} {{/each}}', '1 8080 '],
    ['{{#each hosts}}{{ default speed 1 }} {{/each}}', '1 1 '],
    ['{{#each hosts}}{{#with name}}{{ default ../../port 1 }} {{/with}}{{/each}}', '80 80 '],
    ['{{#with hosts.[0]}}{{ default tls.on "no" }}{{/with}}', 'no'],
    ['{{#each letters}}{{ this }}{{else}}{{ default port 1 }}{{/each}} {{ default port 1 }}', 'a 80'],
  ] as const) {
    it(`gives ${JSON.stringify(gives)} for ${text}`, () => assert.equal(scope.evaluate(text), gives));
  }

  it('has the hint for an error of an item that turns up in a later round', () => {
    const hosts = '{{#each hosts}}{{ default port 1 }}{{/each}}';
    assert.throws(() => scope.with({ origin: 'u', values: { hosts: [{ port: 1 }, {}] } }).evaluate(hosts), ValueError);
  });
});
