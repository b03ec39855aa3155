import assert from 'node:assert/strict';
import { diffText } from '../../src/reporters/diff-text.ts';

describe('a diff as text', () => {
  it('shows a newline at the end where nothing else differs', () => {
    const text = diffText([{ subject: '/etc/x', before: 'a\nb', after: 'a\nb\n' }]);
    assert.match(text, /^-b\n\\ No newline at end of file\n\+b$/m);
  });

  it('shows no difference in the newline where more differs', () => {
    const text = diffText([{ subject: '/etc/x', before: 'a\nb', after: 'a\nc\n' }]);
    assert.match(text, /^-b\n\+c$/m);
    assert.doesNotMatch(text, /No newline/);
  });
});
