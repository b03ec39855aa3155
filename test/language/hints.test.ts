import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { catalogue, vocabulary } from '../../src/commands/catalogue.ts';
import { quoteBraces } from '../../src/language/bare-braces.ts';
import { foreignForm, foreignKeywords } from '../../src/language/foreign.ts';
import { foreignModule, foreignModules } from '../../src/language/foreign-modules.ts';
import { asMap } from '../../src/language/key-value.ts';
import { parseSteps } from '../../src/language/parse-steps.ts';
import { collectProblems } from '../../src/language/problems.ts';
import { validate } from '../../src/language/validate.ts';
import { parseYaml } from '../../src/language/yaml.ts';
import { schemaOf } from '../../src/plan/evaluate-arguments.ts';
import { compileExpression } from '../../src/values/expression.ts';
import { factHint, foreignFacts } from '../../src/values/jinja/facts.ts';
import { compileTemplate } from '../../src/values/template.ts';
import { type BadProject, diagnose } from './diagnose.ts';

const folder = join(import.meta.dirname, 'diagnostics');
const rows = readdirSync(folder).flatMap(
  name => parse(readFileSync(join(folder, name), 'utf8'), { merge: true }) as BadProject[],
);

/** The hints of a message that say what to write, each with the line of the file that it is about. */
function hintsOf(says: string): readonly { readonly line: string; readonly hint: string }[] {
  return [...says.matchAll(/^ +\d+ \| (.*)\n.*\^\n {2}(.+)$/gm)].map(([, line, hint]) => ({
    line: line!,
    hint: hint!,
  }));
}

const allHints = rows.flatMap(({ says }) => (says === undefined ? [] : hintsOf(says)));

/** What is wrong with a list of tasks, as far as their form tells. */
function formProblems(tasks: string): readonly string[] {
  const source = parseYaml(tasks, 'tasks.yml');
  const problems = collectProblems();
  parseSteps(source.value, { source, path: [] }, problems, vocabulary);
  return problems.list().map(({ message }) => message);
}

describe('hints that say what to write', () => {
  const cel = allHints.filter(({ hint }) => hint.startsWith('In CEL: '));
  it('have CEL that compiles', () => {
    assert.equal(cel.length > 5, true);
    for (const { hint } of cel) compileExpression(hint.replace('In CEL: ', ''));
  });

  it('have templates that compile', () => {
    const templates = allHints.filter(({ hint }) => /^Write: \{\{ [^…]*\}\}$/.test(hint));
    assert.equal(templates.length > 0, true);
    for (const { hint } of templates) compileTemplate(hint.replace('Write: ', ''));
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

describe('hints for what Ansible has', () => {
  const samples: readonly unknown[] = ['copy src=a dest="/b c" mode=0644', ['a', 'b, c'], '{{ groups }}', true, 'bob'];
  for (const keyword of foreignKeywords) {
    it(`${keyword}: name what stands here`, () => {
      for (const sample of samples.filter(item => keyword.startsWith('with_') || typeof item === 'string')) {
        const hint = foreignForm(keyword, sample)!;
        const keys = /^Write: ((?:\w+: .*?)(?: and \w+: .*?)*)(?: \(.*)?$/.exec(hint)?.[1]?.split(' and ') ?? [];
        const isModule = keys.some(key => vocabulary.modules.has(/^\w+/.exec(key)![0]));
        const task = [...keys, ...(isModule ? [] : ['debug: {}'])];
        if (!/_action$|^action/.test(keyword) || String(sample).startsWith('copy'))
          assert.deepEqual(formProblems(`- ${task.join('\n  ')}\n`), [], hint);
      }
    });
  }

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

  it('say for facts what compiles', () => {
    for (const name of foreignFacts) compileExpression(/^Write: (.*?)(?:[.] [A-Z].*)?$/.exec(factHint(name)!)![1]!);
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
