import assert from 'node:assert/strict';
import { ValueError } from '../../src/values/errors.ts';
import { createScope } from '../../src/values/scope.ts';
import { compileTemplate } from '../../src/values/template.ts';

const scope = createScope([
  {
    origin: 't',
    literal: true,
    values: {
      name: 'outer',
      env: { tier: 'prod' },
      tls: true,
      ports: { http: 80, https: 443 },
      disks: [
        { name: 'a', sizes: [1] },
        { name: 'b', sizes: [2, 3] },
      ],
      pairs: [
        [1, 'x'],
        [2, 'y'],
      ],
    },
  },
]);

/** All that is said of a template of Jinja, in the order of its text. */
function hintsFor(text: string): readonly (string | undefined)[] {
  try {
    compileTemplate(text);
    return [];
  } catch (error) {
    assert.ok(error instanceof ValueError);
    return [error, ...error.also].map(({ hint }) => hint);
  }
}

describe('statements of Jinja in a template', () => {
  for (const [text, ...hints] of [
    [
      '{% for x in list %}{{ x }}{% endfor %}',
      'Write: {{#each list as |x|}} … {{/each}}. For the keys of a map: {{#each (keys list) as |x|}}',
    ],
    ['{% for x in list | sort %}', 'Write: {{#each (sort list) as |x|}} … {{/each}}'],
    ["{% for x in groups['web'] %}", 'Write: {{#each groups.web as |x|}} … {{/each}}'],
    ['{% for x in [1, 2] %}', "Write: {{#each (cel '[1, 2]') as |x|}} … {{/each}}"],
    ['{% for x in list | map("upper") %}', "Write: {{#each (cel 'list.map(i, upper(i))') as |x|}} … {{/each}}"],
    ['{% for x in list if x.on %}', "Write: {{#each (cel 'list.filter(x, x.on)') as |x|}} … {{/each}}"],
    ['{% for k, v in map.items() %}', 'Write: {{#each map as |v k|}} … {{/each}}'],
    ['{% for k, v in map | dictsort %}', 'Write: {{#each (sort_keys map) as |v k|}} … {{/each}}'],
    [
      '{% for k, v in map.items() if v.on and a %}',
      "Write: {{#each map as |v k|}} … {{/each}}, in it {{#if (cel 'v.on && a')}} … {{/if}}",
    ],
    [
      '{% for a, b in pairs %}{% endfor %}',
      'Write: {{#each pairs as |part|}} … {{/each}}, in it {{ part.[0] }} for a, {{ part.[1] }} for b',
    ],
    // Names from outside the loop, also of a loop in a loop.
    [
      '{% for d in disks | sort %}{{ name }} {{ d.name }} {{ env.tier }}{{ loop.index }}{{ name }}{% endfor %}{{ tls }}',
      'Write: {{#each (sort disks) as |d|}} … {{/each}}. ' +
        'A bare name in it is a field of the item: write {{ ../name }}, {{ ../env.tier }}',
      "In {{#each}}, write {{ cel '@index + 1' }} for loop.index, {{ @index }} for loop.index0, {{ @first }} and {{ @last }}.",
    ],
    [
      '{% for d in disks | sort %}{% for s in d.sizes | sort %}{{ name }} {{ d.name }}{% endfor %}{% endfor %}',
      'Write: {{#each (sort disks) as |d|}} … {{/each}}',
      'Write: {{#each (sort d.sizes) as |s|}} … {{/each}}. ' +
        'A bare name in it is a field of the item: write {{ ../../name }}',
    ],
    [
      '{% for d in disks | sort %}{% if tls %}{{ name | upper }}{{ d.name | replace("a", env.tier) }}{% endif %}{% endfor %}',
      'Write: {{#each (sort disks) as |d|}} … {{/each}}',
      'Write: {{#if ../tls}} … {{/if}}',
      'Write: {{ upper ../name }}',
      "Write: {{ replace d.name 'a' ../env.tier }}",
    ],
    [
      '{{#each disks as |d|}}{{ name | upper }}{{/each}}{{ name | lower }}',
      'Write: {{ upper ../name }}',
      'Write: {{ lower name }}',
    ],
    // Parts of a block, and the blanks that they take away.
    ['{%- if name %}x{% endif %}', 'Write: {{~#if name}} … {{/if}}'],
    ['{% if a -%} x {%- else %} y {% endif -%}', 'Write: {{#if a~}} … {{~else}} … {{/if~}}'],
    [
      "{% if name == 'a' and n > 2 %}x{% elif b is defined %}y{% else %}z{% endif %}",
      'Write: {{#if (cel "name == \'a\' && n > 2")}} … {{else if (defined b)}} … {{else}} … {{/if}}',
    ],
    ['{{#if a}}x{% elif b == 1 %}y{% endif %}', "Write: {{else if (cel 'b == 1')}}", 'Write: {{/if}}'],
    ['{{#each a}}x{%- endfor %}', 'Write: {{~/each}}'],
    ['{% if missing is defined %}', 'Write: {{#if (defined missing)}} … {{/if}}'],
    ['{% if not loop.last %}', "Write: {{#if (cel '!@last')}} … {{/if}}"],
    ['{{- name | upper -}}', 'Write: {{~ upper name ~}}'],
    ['{{- name + 1 }} a', "Write: {{~ cel 'name + 1' }}"],
    ['{# a comment #}', 'Write: {{!-- a comment --}}'],
    ['{#- a comment -#}', 'Write: {{~!-- a comment --~}}'],
  ] as const) {
    it(`${text} is written as said`, () => assert.deepEqual(hintsFor(text), hints));
  }

  for (const [text, gives] of [
    ['{{#each (keys ports) as |x|}}{{ x }} {{/each}}', 'http https '],
    ['{{#each disks as |d|}}{{ ../name }}-{{ d.name }}-{{ ../env.tier }} {{/each}}', 'outer-a-prod outer-b-prod '],
    [
      '{{#each disks as |d|}}{{#each d.sizes as |s|}}{{ ../../name }}{{ s }} {{/each}}{{/each}}',
      'outer1 outer2 outer3 ',
    ],
    ['{{#each disks as |d|}}{{#if ../tls}}{{ upper ../name }}{{ d.name }} {{/if}}{{/each}}', 'OUTERa OUTERb '],
    ['{{#each pairs as |part|}}{{ part.[0] }}{{ part.[1] }} {{/each}}', '1x 2y '],
    [
      "{{#each disks as |d|}}{{#if (cel 'd.sizes[0] > 1')}}{{ d.name }}{{else if (cel '@first')}}1st{{/if}} {{/each}}",
      '1st b ',
    ],
    ['a  {{~#if tls~}}  b  {{~else}} c {{/if~}}  {{~!-- note --~}}  d', 'abd'],
  ] as const) {
    it(`${text} gives what Ansible gives`, () => assert.equal(scope.evaluate(text), gives));
  }
});
