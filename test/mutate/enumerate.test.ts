import assert from 'node:assert/strict';
import { choose } from '../../scripts/mutate/choose.ts';
import { mutationsOf } from '../../scripts/mutate/enumerate.ts';

/** What the mutations of a text are, as `KIND: AFTER`. */
function changes(text: string): string[] {
  return mutationsOf('src/sample.ts', text).map(({ after, kind }) => `${kind}: ${after.replace(/^export const /, '')}`);
}

const code: Record<string, { text: string; become: string[] }> = {
  'a comparison is moved by one or turned round': {
    text: 'const a = b < c === d;',
    become: ['comparison: const a = b < c !== d;', 'comparison: const a = b <= c === d;'],
  },
  'of two conditions one goes': {
    text: 'const a = b && c;',
    become: ['one side of &&: const a = b;', 'one side of &&: const a = c;'],
  },
  'a value or its default goes': {
    text: 'const a = b ?? c;',
    become: ['one side of ??: const a = b;', 'one side of ??: const a = c;'],
  },
  'a condition is negated, and an early return goes': {
    text: 'function f(a: boolean): number {\n  if (a) return b;\n  return c;\n}',
    become: ['negated: if (!(a)) return b;', 'no early return: if (a) ;'],
  },
  'a negation goes': { text: 'const a = !b;', become: ['no !: const a = b;'] },
  'a call goes, or is not waited for': { text: 'await f();', become: ['no await: f();', 'no call: ;'] },
  'a throw goes': { text: "throw new SomeError('what is told', true);", become: ['no throw: ;'] },
  'booleans and small numbers change': {
    text: 'const a = [true, 9];\nconst b = 30_000;',
    become: [
      'the other boolean: const a = [false, 9];',
      'one less: const a = [9];',
      'one less: const a = [true];',
      'one more: const a = [true, 10];',
    ],
  },
  'a section of a script goes': {
    text: 'const a = script({ one: text(), two });',
    become: ['one less: const a = script({ two });', 'one less: const a = script({ one: text() });'],
  },
  'a guard goes, and other properties stay': {
    text: 'const a = { kind, guard: b };',
    become: ['one less: const a = { kind };'],
  },
};

const prose: Record<string, string> = {
  'what is imported': "import { a } from 'b';",
  types: "type A = { a: 1; b: true; c: ['x'] };\nfunction f(a: 1 | 2): a is 1;",
  'what a schema says of itself':
    "const a = { description: b ? 'one' : 'two', examples: [1, 2], returns: { minimum: 1 } };",
  'what an error says': "const a = new HostwrightError('a.b', c ? 'one' : 'two', { hint: d ?? 'three' });",
  'a sentence with values': 'const a = `there are ${b.length > 1 ? c : d} of them`;',
  'a choice of sentences': "const a = b ? 'there are some' : 'there are none';",
};

const shell: Record<string, { text: string; become: string[] }> = {
  'a guard lets everything pass': {
    text: 'export const a = sh`[ "$(cat ${file})" = ${id} ] || exit 75`;',
    become: [
      'sh: no line: a = sh``;',
      'sh: comparison: a = sh`[ "$(cat ${file})" != ${id} ] || exit 75`;',
      'sh: || becomes &&: a = sh`[ "$(cat ${file})" = ${id} ] && exit 75`;',
      'sh: exit code: a = sh`[ "$(cat ${file})" = ${id} ] || exit 0`;',
    ],
  },
  'a line of several becomes a command that does nothing': {
    text: 'export const a = raw(`set -e\nrm -f -- "$d"`);',
    become: [
      'sh: no line: a = raw(`:',
      'sh: no option: a = raw(`set',
      'sh: no line: :`);',
      'sh: no option: rm -- "$d"`);',
    ],
  },
  'numbers and negations': {
    text: "export const a = raw('! [ $a -eq 1 ] && [ ! -e x ]');",
    become: [
      "sh: no !: a = raw('[ $a -eq 1 ] && [ ! -e x ]');",
      "sh: no line: a = raw('');",
      "sh: comparison: a = raw('! [ $a -ne 1 ] && [ ! -e x ]');",
      "sh: && becomes ;: a = raw('! [ $a -eq 1 ]; [ ! -e x ]');",
      "sh: no !: a = raw('! [ $a -eq 1 ] && [ -e x ]');",
    ],
  },
  'what is quoted, a comment, and a message to people stay': {
    text: "export const a = raw(`awk 'a && b || !c'\n# a && b\necho 'no && such' >&2`);",
    become: ['sh: no line: a = raw(`:'],
  },
  'a line that opens or closes something stays': {
    text: 'export const a = raw(`if a; then\nb\nfi`);',
    become: ['sh: no line: :'],
  },
  'of a script, a joined part goes, too': {
    text: "export const a = join([raw('b c'), d]);",
    become: ['one less: a = join([d]);', "one less: a = join([raw('b c')]);", "sh: no line: a = join([raw(''), d]);"],
  },
};

describe('the mutations of a source', () => {
  for (const [title, { become, text }] of Object.entries({ ...code, ...shell })) {
    it(title, () => assert.deepEqual(changes(text).toSorted(), become.toSorted()));
  }

  for (const [title, text] of Object.entries(prose)) {
    it(`leave alone ${title}`, () => assert.deepEqual(changes(text), []));
  }

  it('say in which line they are', () => {
    const [first] = mutationsOf('src/sample.ts', 'const a = b;\n\nconst c = !d;\n');
    assert.equal(first?.line, 3);
  });
});

describe('a choice of mutations', () => {
  const text = 'const a = !b;\nconst c = d && e;\nconst f = [1, 2, 3];\nconst g = !h;\n';
  const all = ['src/one.ts', 'src/two.ts', 'src/three.ts'].flatMap(file => mutationsOf(file, text));

  it('is the same with the same seed, and another with another', () => {
    assert.deepEqual(choose(all, 6, '1'), choose(all, 6, '1'));
    assert.notDeepEqual(choose(all, 6, '1'), choose(all, 6, '2'));
  });

  it('takes as many from each file, and from each kind', () => {
    const files = Map.groupBy(choose(all, 9, '1'), ({ file }) => file);
    assert.deepEqual(
      [...files.values()].map(own => new Set(own.map(({ kind }) => kind)).size),
      [3, 3, 3],
    );
  });

  it('stays the same where another file changes', () => {
    const others = all.filter(({ file }) => file !== 'src/two.ts');
    const kept = choose(all, 9, '1').filter(({ file }) => file !== 'src/two.ts');
    assert.deepEqual(new Set(choose(others, 6, '1')), new Set(kept));
  });
});
