import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readArguments } from '../../src/commands/shared/ad-hoc.ts';
import { catalogue, vocabulary } from '../../src/commands/shared/catalogue.ts';
import { foreignRun } from '../../src/commands/shared/foreign-words.ts';
import { quoteBraces } from '../../src/language/bare-braces.ts';
import { foreignForm, foreignKeywords } from '../../src/language/foreign.ts';
import { foreignModule, foreignModules } from '../../src/language/foreign-modules.ts';
import { asMap } from '../../src/language/key-value.ts';
import { validate } from '../../src/language/validate.ts';
import { parseYaml } from '../../src/language/yaml.ts';
import { schemaOf } from '../../src/plan/arguments/evaluate-arguments.ts';
import { compileExpression } from '../../src/values/expression.ts';
import { celForm } from '../../src/values/expression-problems.ts';
import { factHint, foreignFacts } from '../../src/values/jinja/facts.ts';
import { compileTemplate } from '../../src/values/template.ts';
import { type BadProject, diagnose } from './diagnose.ts';

const folder = join(import.meta.dirname, 'diagnostics');
const rows = readdirSync(folder).flatMap(
  name => parse(readFileSync(join(folder, name), 'utf8'), { merge: true }) as BadProject[],
);

/**
 * The hints of a message that say what to write, each with the line of the file that it is about.
 */
function hintsOf(says: string): readonly { readonly line: string; readonly hint: string }[] {
  return [...says.matchAll(/^ +\d+ \| (.*)\n.*\^\n {2}(.+)$/gm)].map(([, line, hint]) => ({
    line: line!,
    hint: hint!,
  }));
}

const allHints = rows.flatMap(({ says }) => (says === undefined ? [] : hintsOf(says)));

describe('hints that say what to write', () => {
  const cel = allHints.filter(({ hint }) => hint.startsWith('In CEL: '));
  it('have templates that compile', () => {
    const templates = allHints.filter(({ hint }) => /^Write: \{\{ [^…]*\}\}$/.test(hint));
    assert.equal(templates.length > 0, true);
    for (const { hint } of templates) compileTemplate(hint.replace('Write: ', '').replace(/\\(["\\])/g, '$1'));
  });

  for (const [line, hint, pasted] of [
    [
      `"peers {{ names | map('upper') | join(':') }} max"`,
      `Write: {{ cel \\"join(names.map(i, upper(i)), ':')\\" }}`,
      `"peers {{ cel \\"join(names.map(i, upper(i)), ':')\\" }} max"`,
    ],
    ["'a {{ n + 1 }}'", "Write: {{ cel ''n + 1'' }}", "'a {{ cel ''n + 1'' }}'"],
    [
      `a {{ 'x' if n > 1 else 'y' }}`,
      `Put the whole text in single quotes. Write: {{ cel "n > 1 ? ''x'' : ''y''" }}`,
      `'a {{ cel "n > 1 ? ''x'' : ''y''" }}'`,
    ],
    [`a {{ names | join(':') }}`, `Write: {{ join names ':' }}`, `a {{ join names ':' }}`],
    [
      `"{% if n == 'a' %}x{% endif %}"`,
      `Write: {{#if (cel \\"n == 'a'\\")}} … {{/if}}`,
      `"{{#if (cel \\"n == 'a'\\")}}x{{/if}}"`,
    ],
    [
      String.raw`"b {{ n is search('\\d') }}"`,
      String.raw`Write: {{ cel \"n.matches(r'\\d')\" }}`,
      String.raw`"b {{ cel \"n.matches(r'\\d')\" }}"`,
    ],
  ] as const)
    it(`are written for the quotes of ${line}`, () => {
      const said = diagnose({ it: '', tasks: `- debug:\n    msg: ${line}\n`, vars: { names: ['a'], n: 2 } });
      assert.ok(said?.includes(`  ${hint}\n`), said);
      const { value } = parseYaml(`msg: ${pasted}\n`, 'a.yml');
      compileTemplate((value as { msg: string }).msg);
    });

  it('have CEL that YAML reads as the value of a key', () => {
    assert.equal(cel.length > 5, true);
    for (const { hint } of cel) {
      const { value } = parseYaml(`when: ${hint.replace('In CEL: ', '')}\n`, 'a.yml');
      compileExpression((value as { when: string }).when);
    }
  });

  it('have YAML that reads the value in braces', () => {
    for (const line of [
      'a: {path: /tmp/x-{{ name }}, mode: "0755"}',
      'a: {{ b }}',
      'a: [x, {{ y }}, "z"]',
      'a: {b: [1, {{ join c "," }}]}',
      '- debug: {msg: it\'s {{ a }} "b", x: c}',
      '- {{ x }}/y # why',
      'a: Hello: {{ b }}',
      'a: x - y: {{ b }}',
      '- - "a b": {{ c }}: d',
      'a: {b: c: {{ d }}, e: f}',
      "- a: x's {{ b }}: c",
    ]) {
      assert.throws(() => parseYaml(`${line}\n`, 'a.yml'), /must be in quotes/, line);
      parseYaml(`${quoteBraces(line)?.line}\n`, 'a.yml');
    }
  });

  it('have expressions without braces', () => {
    for (const [line, written] of [
      ['when: {{ a }} == "b"', 'when: a == "b"'],
      ['- {debug: {msg: x}, when: {{ a }}}', 'when: a'],
      ['until: {{ r.rc }} in {{ codes }}', 'until: r.rc in codes'],
      ['failed_when: {{ a[0] }} > 1', 'failed_when: "a[0] > 1"'],
      ['x: !expr {{ a }} + 1', 'x: !expr a + 1'],
    ] as const) {
      assert.throws(() => parseYaml(`${line}\n`, 'a.yml'), /names its variables without/, line);
      assert.equal(quoteBraces(line)?.written, written);
      parseYaml(`${quoteBraces(line)?.line}\n`, 'a.yml');
    }
  });
});

/** Lines with keywords of Ansible, and what their hints say to write. */
const foreignLines: readonly (readonly [keyword: string, value: unknown, written: string])[] = [
  ['with_items', ['a', 'b, c'], 'loop: [a, "b, c"]'],
  ['with_items', '{{ names }}', 'loop: "{{ names }}"'],
  ['with_items', 'bob', 'loop: [bob]'],
  ['with_items', [['a', 'b'], 'c'], 'loop: [a, b, c]'],
  ['with_items', ['{{ names }}', 'c'], `loop: !expr "flatten([names, 'c'], 1)"`],
  ['with_items', "{{ names | map('upper') | list }}", 'loop: !expr "names.map(i, upper(i))"'],
  ['with_items', ['{{ names | sort }}', '{{ names }}'], 'loop: !expr "flatten([sort(names), names], 1)"'],
  ['with_dict', '{{ map | combine(map) }}', 'loop: !expr "merge(map, map, false)" (each item has key and value)'],
  ['with_list', [1, 'yes'], 'loop: [1, "yes"]'],
  ['with_flattened', [['a'], ['b', ['c']]], 'loop: [a, b, c]'],
  ['with_flattened', '{{ names }}', 'loop: !expr "flatten(names)"'],
  ['with_dict', { a: 1 }, 'loop: {a: 1} (each item has key and value)'],
  ['with_dict', '{{ map }}', 'loop: "{{ map }}" (each item has key and value)'],
  ['with_indexed_items', ['a'], 'loop: [a] and loop_control: {index_var: index}'],
  ['with_sequence', 'start=2 end=5', 'loop: !expr "range(2, 6)"'],
  ['with_sequence', 'start=2 count=3', 'loop: !expr "range(2, 5)"'],
  ['with_sequence', 'count={{ n }}', 'loop: !expr "range(1, n + 1)"'],
  ['with_fileglob', '/etc/*.conf', `loop: !expr "fileglob('/etc/*.conf')"`],
  ['with_fileglob', ['a/*'], `loop: !expr "fileglob(path_join(playbook_dir, 'a/*'))"`],
  ['with_fileglob', ['{{ dir }}/*', '/b/*'], `loop: !expr "flatten([fileglob(dir + '/*'), fileglob('/b/*')])"`],
  ['with_first_found', ['/no/such', '/dev/null'], `loop: !expr "[first_found(['/no/such', '/dev/null'])]"`],
  [
    'with_first_found',
    [{ files: ['no', 'null'], paths: ['/such', '/dev'] }],
    `loop: !expr "[first_found(['/such/no', '/such/null', '/dev/no', '/dev/null'])]"`,
  ],
  ['with_nested', ['{{ names }}', [1, 2]], 'loop: !expr "product(names, [1, 2])"'],
  ['with_cartesian', [['a'], 'b'], `loop: !expr "product(['a'], ['b'])"`],
  ['with_together', ['{{ names }}', ["it's"]], `loop: !expr 'zip(names, ["it''s"])'`],
  ['with_subelements', ['{{ users }}', 'keys'], `loop: !expr "subelements(users, 'keys')"`],
  [
    'local_action',
    'copy src=a dest="/b c" mode=0644',
    'copy: {src: a, dest: "/b c", mode: "0644"} and delegate_to: localhost',
  ],
  ['action', 'command id', 'command: id'],
  ['sudo', true, 'become: true'],
  ['sudo_user', 'bob', 'become: true and become_user: bob'],
  ['su', true, 'become: true and become_method: su'],
  ['always_run', true, 'check_mode: false'],
];

/** Keywords of Ansible whose hints are prose. */
const prose: ReadonlySet<string> = new Set([
  ...['vars_prompt', 'collections', 'debugger', 'become_flags', 'become_exe', 'gather_subset', 'static'],
]);

const sampleVars = { names: ['a'], map: { a: 1 }, n: 2, dir: '/etc', users: [{ keys: ['a'] }] };

describe('hints for what Ansible has', () => {
  for (const [keyword, value, written] of foreignLines) {
    it(`${keyword}: name what is accepted here for ${JSON.stringify(value)}`, () => {
      assert.equal(foreignForm(keyword, value, celForm), `Write: ${written}`);
      const keys = written.replace(/ \(each .*/, '').split(' and ');
      const task = [...keys, ...(/action$/.test(keyword) ? [] : ['debug: {}'])].join('\n  ');
      assert.equal(
        diagnose({ it: keyword, tasks: `- ${task}\n`, vars: sampleVars, files: { a: '' } }),
        undefined,
        task,
      );
    });
  }

  it('are all looked at here, or known to be prose', () => {
    const seen = new Set(foreignLines.map(([keyword]) => keyword));
    assert.deepEqual(
      foreignKeywords.filter(keyword => !seen.has(keyword)),
      [...prose],
    );
    for (const keyword of prose) assert.doesNotMatch(foreignForm(keyword, 'x')!, /Write: \w+:/);
  });

  it('say how a loop is written where its value is not understood', () => {
    for (const [keyword, value] of [
      ['with_nested', ['a', 'b', 'c']],
      ['with_sequence', 'start=0x0f end=5'],
      ['with_sequence', 'count=4 format=%02d'],
      ['with_fileglob', '{{ a | b }}/*'],
      ['with_items', ['{{ a | b }}']],
      ['with_first_found', [{ files: ['a'], skip: true }]],
      ['with_first_found', [{ paths: ['a'] }]],
      ['with_dict', 'bob'],
      ['with_subelements', ['a', 'b']],
      ['with_lines', 'cat /etc/passwd'],
    ] as const)
      assert.match(foreignForm(keyword, value)!, /^Write "loop:" with a list or a map/, keyword);
  });

  for (const name of foreignModules) {
    it(`${name}: name modules that exist`, () => {
      const hint = foreignModule(name)!;
      assert.equal(vocabulary.modules.has(name), false);
      for (const [, module] of hint.matchAll(/(?<!\{cmd: |: |content: )"([a-z_]+)"/g))
        assert.equal(catalogue.has(module!), true, hint);
      const [, task] = /Write: (\w+: (?:\{.*\}|[^.]*(?:https:\/\/\S+)?))/.exec(hint) ?? [];
      if (task !== undefined) assert.equal(diagnose({ it: name, tasks: `- ${task}\n` }), undefined, task);
    });
  }

  it('say on the command line what a shell passes on, and a module takes', () => {
    const lines = foreignModules.flatMap(
      name => /Write: (hostwright run .*)$/.exec(foreignRun(name, 'all')!)?.[1] ?? [],
    );
    assert.ok(lines.length > 10);
    for (const line of lines) {
      const split = `set -- ${line}; printf '%s\\0' "$@"`;
      const [, , , name, ...words] = execFileSync('sh', ['-c', split], { encoding: 'utf8' }).split('\0').slice(0, -1);
      const callable = catalogue.get(name!);
      assert.ok(callable, line);
      const args = readArguments(words, callable.args, callable.freeForm);
      assert.deepEqual(validate(callable.args, args), [], line);
    }
  });

  it('say for facts what compiles', () => {
    for (const name of foreignFacts) {
      const [, cel = '', template] = /^Write: (.*?)(?:, in a template (\{\{.*\}\}))?(?:[.] [A-Z].*)?$/.exec(
        factHint(name)!,
      )!;
      compileExpression(cel);
      assert.equal(template === undefined, /^[\w.]+$/.test(cel));
      if (template !== undefined) compileTemplate(template);
    }
  });
});

describe('arguments in the form k=v', () => {
  const values: Readonly<Record<string, readonly string[]>> = {
    boolean: ['yes', 'no', 'true', 'off'],
    integer: ['7'],
    number: ['7'],
    array: ['a,b', 'a'],
    string: ['a', '"a b"', 'a,b', '0644', 'yes', '{{ inventory_hostname }}/b', "it's", 'a:', '#a'],
  };
  for (const callable of catalogue.values()) {
    it(`become a map that ${callable.name} takes`, () => {
      for (const [name, property] of Object.entries(callable.args.properties)) {
        const { type } = property as { type?: string };
        for (const value of values[type ?? ''] ?? []) {
          const map = asMap(`${name}=${value}`, key => schemaOf(key, callable));
          if (map === undefined) continue;
          const read = parseYaml(map, 'a.yml').value as Readonly<Record<string, unknown>>;
          const wrong = validate({ type: type! }, read[name]);
          assert.deepEqual(wrong, [], `${callable.name}: ${map}`);
        }
      }
    });
  }
});

describe('a file mode that is a number', () => {
  for (const [written, mode] of [
    ['0644', '0644'],
    ['0755', '0755'],
    ['600', '0600'],
    ['0o755', '0755'],
    ['0o644', '0644'],
    ['0o600', '0600'],
    ['0o2775', '2775'],
    ['0o500', '0500'],
    ['0o620', '0620'],
    ['0466', '0466'],
    ['0', '0000'],
  ]) {
    it(`${written} is "${mode}"`, () => {
      const said = diagnose({ it: '', tasks: `- file: {path: /a, state: touch, mode: ${written}}\n` });
      assert.match(said!, new RegExp(`Write: mode: "${mode}"`));
    });
  }

  it('has no digits where the file does not say them', () => {
    const tasks =
      '- file: {path: /a, state: touch, mode: "{{ mode }}"}\n- file: {path: /a, state: touch, mode: 0x1ff}\n';
    const said = diagnose({ it: '', tasks, vars: { mode: 320 } });
    assert.equal(said?.match(/Write its octal digits as a text, in quotes\./g)?.length, 2, said);
  });
});
