import assert from 'node:assert/strict';
import { withoutValues } from '../../src/commands/shared/arguments.ts';

const kept = (words: readonly string[], ...variables: readonly string[]) => withoutValues(words, variables);

describe('a recorded command line', () => {
  it('has none of the variables, in whatever form they are given', () => {
    const forms = [['-e', 'a=1'], ['-ea=1'], ['--extra-vars', 'a=1'], ['--extra-vars=a=1']];
    for (const form of forms)
      assert.deepEqual(kept(['play', 'site.yml', ...form, '-C'], 'a=1'), ['play', 'site.yml', '-C'], form.join(' '));
  });

  it('keeps the other options of a word', () => {
    assert.deepEqual(kept(['play', '-bDe', 'a=1', 'site.yml'], 'a=1'), ['play', '-bD', 'site.yml']);
    assert.deepEqual(kept(['play', '-bDea=1', 'site.yml'], 'a=1'), ['play', '-bD', 'site.yml']);
  });

  it('has none whose name has an e, or whose value looks like an option', () => {
    assert.deepEqual(kept(['play', '-ename=secret'], 'name=secret'), ['play']);
    assert.deepEqual(kept(['play', '-be=e=e'], '=e=e'), ['play', '-b']);
    assert.deepEqual(kept(['play', '-e', '--extra-vars', 'site.yml'], '--extra-vars'), ['play', 'site.yml']);
  });

  it('has none of several, be they lines, JSON, or twice the same', () => {
    const json = '{"a": "b\nc"}';
    assert.deepEqual(kept(['play', '-e', 'a=1', '-e', json, `-e${json}`, '-e', 'a=1'], 'a=1', json, json, 'a=1'), [
      'play',
    ]);
  });

  it('keeps files of variables, and words that only look like a variable', () => {
    const words = ['run', 'all', 'command', '-e', '@vars.yml', '-e@more.yml', '--', 'echo', 'a=1'];
    assert.deepEqual(kept(words, '@vars.yml', '@more.yml', 'a=1'), words);
  });
});
