import assert from 'node:assert/strict';
import { foldNames, limitOf, withoutHost } from '../../src/reporters/host-names.ts';

describe('names of hosts', () => {
  const folds: readonly (readonly [names: string, text: string])[] = [
    ['', ''],
    ['h3 h7', 'h3, h7'],
    ['h10 db h9', 'h9, h10, db'],
    ['hv3 hv9 hv112', 'hv[3,9,112]'],
    ['hv2 hv1 hv3 hv4 hv10', 'hv[1-4,10]'],
    ['hv08 hv09 hv10', 'hv[08-10]'],
    ['hv8 hv09 hv10', 'hv[8,09,10]'],
    ['r1-hv1.lab r1-hv2.lab r1-hv3.lab db', 'r1-hv[1-3].lab, db'],
    ['127.0.0.1 127.0.0.2 127.0.0.3', '127.0.0.[1-3]'],
    ['hv1.fra1 hv2.fra1 hv3.fra1', 'hv[1-3].fra1'],
    ['hv1.r1 hv1.r2 hv1.r3 hv2.r1', 'hv1.r[1-3], hv2.r1'],
    ['a b c', 'a, b, c'],
  ];
  for (const [names, text] of folds)
    it(`are folded: ${names || 'none'}`, () => assert.equal(foldNames(names.split(' ').filter(Boolean)), text));

  it('become a pattern for -l: names, or for many one regular expression', () => {
    assert.equal(limitOf(['h3', 'h7']), 'h3,h7');
    const many = Array.from({ length: 11 }, (_, at) => `h.${at + 1}`);
    assert.equal(limitOf([...many, 'db']), `'~^(?:h\\.(?:${many.map((_, at) => at + 1).join('|')})|db)$'`);
  });

  it('are taken out of texts as whole words', () => {
    assert.equal(withoutHost('h1: /d-h1/x h11 ah1', 'h1'), '<host>: /d-<host>/x h11 ah1');
    assert.equal(withoutHost('the web is here', 'web'), 'the web is here');
    assert.equal(withoutHost('a-b.c at a-b.c', 'a-b.c'), '<host> at <host>');
  });
});
