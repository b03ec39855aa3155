import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { charactersOf, hole, shellTextsIn, textOf } from '../scripts/mutate/shell-texts.ts';
import { parseSource } from '../scripts/mutate/syntax.ts';
import { outcome, readTables } from './modules/tables.ts';

interface Hazard {
  readonly id: string;
  readonly could: string;
  readonly guards?: readonly string[];
  /** Names of what no script contains. */
  readonly never?: readonly string[];
  /** Titles by file. */
  readonly tests?: Readonly<Record<string, readonly string[]>>;
  readonly 'not here'?: string;
}

interface Never {
  readonly pattern: string;
  readonly because: string;
  /** Files of the code that may contain it. */
  readonly except?: readonly string[];
  readonly finds: readonly string[];
  readonly passes: readonly string[];
}

const { hazards, never } = parse(readFileSync('test/hazards.yml', 'utf8')) as {
  readonly hazards: readonly Hazard[];
  readonly never: Readonly<Record<string, Never>>;
};

/** The titles of the tests, or of the rows, in a file. */
function titlesIn(file: string): ReadonlySet<string> {
  const text = readFileSync(file, 'utf8');
  if (file.endsWith('.yml')) return new Set((parse(text, { merge: true }) as { it: string }[]).map(row => row.it));
  // Tests by table have their titles as keys.
  const found = text.matchAll(/(?:\bit\(\s*(['"`])(.+?)\1|^ {2}(['"`])(.+?)\3: [{[])/gm);
  return new Set([...found].map(match => match[2] ?? match[4]!));
}

describe('hazards', () => {
  it('are in order, each once', () => {
    const numbers = hazards.map(({ id }) => Number(id.slice(1)));
    assert.deepEqual(
      numbers,
      [...new Set(numbers)].sort((one, other) => one - other),
    );
  });

  for (const { could, guards = [], id, never: absent = [], tests = {}, ...rest } of hazards) {
    it(`${id} have a guard and a test that tries: ${could}`, () => {
      assert.deepEqual(
        guards.filter(file => !existsSync(file)),
        [],
      );
      const titles = Object.entries(tests).flatMap(([file, all]) => all.map(title => ({ file, title })));
      assert.deepEqual(
        titles.filter(({ file, title }) => !titlesIn(file).has(title)),
        [],
      );
      assert.deepEqual(
        absent.filter(name => !(name in never)),
        [],
      );
      if (rest['not here'] === undefined) assert.ok(guards.length > 0 && titles.length > 0, 'no guard, or no test');
      else assert.ok(titles.length + absent.length > 0, 'nothing shows that it is not here');
    });
  }
});

describe('no script', () => {
  const parts = ['probe', 'rehearse', 'guard', 'apply', 'undo'];
  const tables = readTables().flatMap(({ module, rows }) =>
    rows.flatMap(row => {
      const result = outcome(module, row);
      const texts = parts.flatMap(part => Object.values((result[part] ?? {}) as Record<string, string>));
      return texts.map(text => [`${module.name}: ${row.it}`, text] as const);
    }),
  );
  const roles = globSync('{roles,playbooks}/**/*.yml').map(file => [file, readFileSync(file, 'utf8')] as const);
  // What no row of a table reaches: the shell text in the code, with each value written as
  // ${value}.
  const code = globSync('src/**/*.ts').flatMap(file => {
    const text = readFileSync(file, 'utf8');
    const literals = shellTextsIn(parseSource(file, text));
    return literals.map(node => [file, textOf(charactersOf(text, node)).replaceAll(hole, '${value}')] as const);
  });
  const lines = [...tables, ...roles, ...code].flatMap(([where, text]) =>
    text.split('\n').map(line => ({ where, line: line.trim() })),
  );

  it('is all of it: tables, roles, and each line of a template in the code', () => {
    for (const texts of [tables, roles, code]) assert.ok(texts.length > 20);
    const ofATemplate = { where: 'src/shell/stop.ts', line: 'signal KILL ${value}' };
    assert.ok(lines.some(({ line, where }) => line === ofATemplate.line && where === ofATemplate.where));
  });

  for (const [name, { because, except = [], finds, passes, pattern }] of Object.entries(never)) {
    const expression = new RegExp(pattern);
    const found = lines.filter(({ line }) => expression.test(line));

    it(`has ${name}: ${because}`, () => {
      assert.deepEqual(
        found.filter(({ where }) => !except.includes(where)),
        [],
      );
      const idle = except.filter(file => !found.some(({ where }) => where === file));
      assert.deepEqual(idle, []);
    });

    it(`escapes the look for ${name}, and none is taken for it`, () => {
      assert.ok(finds.length > 1 && passes.length > 0);
      const blind = finds.filter(text => !expression.test(text));
      const wrong = passes.filter(text => expression.test(text));
      assert.deepEqual({ blind, wrong }, { blind: [], wrong: [] });
    });
  }
});
