import assert from 'node:assert/strict';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { catalogue, vocabulary } from '../../src/commands/shared/catalogue.ts';
import { HostwrightError } from '../../src/errors.ts';
import { surveyInventory } from '../../src/inventory/read-inventory.ts';
import { keywords } from '../../src/language/parse/keywords.ts';
import { parsePlaybook } from '../../src/language/parse/parse-playbook.ts';
import { parseYaml } from '../../src/language/yaml.ts';
import { preflight } from '../../src/plan/check/preflight.ts';
import { makePlan } from '../../src/plan/make/make-plan.ts';

const survey = surveyInventory(['hv1,']);
const { inventory } = survey;

/**
 * Everything that happens to a playbook before the first connection: it is fine, or it is refused
 * in words.
 */
function survives(text: string): void {
  try {
    const playbook = parsePlaybook('./site.yml', () => parseYaml(text, 'site.yml'), vocabulary);
    const draft = makePlan([playbook], survey, {
      ...{ tags: { only: [], skip: [] }, extraVars: { values: {}, texts: new Set<string>() }, rolePath: [] },
      ...{ sharedTemplates: [], become: {}, vocabulary },
    });
    preflight(draft, { inventory, catalogue, check: false });
  } catch (error) {
    assert.ok(error instanceof HostwrightError, `${text}\n${error instanceof Error ? error.stack : error}`);
  }
}

const piece = fc.constantFrom(
  ...[
    '{{',
    '}}',
    '{{ a }}',
    '{{#if',
    '{{/if}}',
    '!expr "1 +"',
    '&a',
    '*a',
    '<<:',
    '[',
    ']',
    '{',
    '}',
    ':',
    '- ',
    '\n',
    '  ',
    '"',
    "'",
  ],
  ...[
    '|',
    '>',
    '#',
    '? ',
    '@',
    '%',
    '\t',
    '\u0000',
    'null',
    'true',
    '0644',
    'hosts: all',
    'tasks:',
    'block:',
    'include: x.yml',
    'role: x',
  ],
);
const words = [...Object.keys({ ...keywords.play, ...keywords.task, ...keywords.block }), ...vocabulary.modules];
const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    '',
    'all',
    'hv1',
    '{{ x }}',
    '{{ default x 1 }}',
    'a == 1',
    'a and b',
    '{{',
    '1d',
  ),
  fc.string({ maxLength: 8 }),
);
const { tree } = fc.letrec(tie => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    scalar,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...words), tie('tree'), { maxKeys: 4 }),
  ),
}));

describe('any YAML', () => {
  it('is read or refused in words, whatever its characters', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 6 })), { maxLength: 30 }), pieces =>
        survives(pieces.join('')),
      ),
      { numRuns: 400 },
    );
  });

  it('is refused in words where lists and maps are nested too deeply', () => {
    const blocks = (levels: number) =>
      Array.from({ length: levels }, (_, at) => `${'  '.repeat(at)}- block:\n`).join('');
    for (const text of [blocks(60), blocks(1000), '['.repeat(3000) + ']'.repeat(3000)]) {
      assert.throws(
        () => parseYaml(text, 'x.yml'),
        /^InvalidInput: x\.yml:\d+:\d+: lists and maps are nested more than 100/,
      );
    }
    parseYaml(blocks(40), 'x.yml');
  });

  it('is planned or refused in words, whatever takes the place of plays, tasks and arguments', () => {
    const play = fc.dictionary(fc.constantFrom(...Object.keys(keywords.play)), tree, { maxKeys: 4 });
    const task = fc.dictionary(fc.constantFrom(...words), tree, { minKeys: 1, maxKeys: 4 });
    const whole = fc.oneof(
      tree,
      fc.array(play),
      fc.array(task, { maxLength: 4 }).map(tasks => [{ hosts: 'all', tasks }]),
    );
    fc.assert(
      fc.property(whole, value => survives(stringify(value, { version: '1.2' }))),
      { numRuns: 600 },
    );
  });
});
