import assert from 'node:assert/strict';
import { choose } from '../../scripts/tests/choose.ts';
import { concerned, concernOf } from '../../scripts/tests/concern.ts';

const hugepages = concernOf('test/lab/hugepages.test.ts');

describe('what a change concerns', () => {
  const cases: Record<string, [string, 'own' | 'common' | undefined]> = {
    'the test itself': ['test/lab/hugepages.test.ts', 'own'],
    'what the test imports': ['test/lab/guest.ts', 'own'],
    'a role that the test plays': ['roles/hugepages/tasks/main.yml', 'own'],
    'a module that the role names': ['src/modules/kernel_cmdline/kernel_cmdline.ts', 'own'],
    'what such a module is made of': ['src/modules/module.ts', 'own'],
    'what every run goes through': ['src/run/run.ts', 'common'],
    'a package of another version': ['package-lock.json', 'common'],
    'a role that the test does not play': ['roles/nfs-storage/tasks/main.yml', undefined],
    'a module that nothing of it names': ['src/modules/nfs_mount/nfs_mount.ts', undefined],
    'a page of the documentation': ['docs/bench.md', undefined],
    'another test': ['test/lab/sriov.test.ts', undefined],
  };
  for (const [what, [file, by]] of Object.entries(cases)) {
    it(`${what}: ${by ?? 'nothing'}`, () => assert.equal(concerned(hugepages, [file])?.by, by));
  }
});

describe('the choice among tests', () => {
  const concern = (own: string) => ({ own: [own], common: ['src/'] });
  const concerns = new Map(['one', 'two', 'three', 'four'].map(file => [file, concern(`roles/${file}/`)]));
  const seconds = { one: 60, two: 60, three: 60, four: 60 };
  const given = { concerns, commit: 'abc', seconds, room: 1000 };

  function names(choosing: Parameters<typeof choose>[0]): string[] {
    return choose(choosing).taken.map(({ file }) => file);
  }

  it('begins with what names a changed file, and says which', () => {
    const { taken } = choose({ ...given, changed: ['roles/three/tasks/main.yml'] });
    assert.equal(taken[0]?.file, 'three');
    assert.match(taken[0]?.why ?? '', /roles\/three\/tasks\/main\.yml/);
    assert.equal(taken.length, 4);
    assert.match(taken[1]?.why ?? '', /hash of this commit/);
  });

  it('takes no more than there is room for', () => {
    const { left, taken } = choose({ ...given, changed: ['roles/three/x'], room: 130 });
    assert.deepEqual([taken.length, left.length], [2, 2]);
    assert.deepEqual(choose({ ...given, changed: [], room: 0 }).taken, []);
  });

  it('gives others their turn with each commit', () => {
    const room = 60;
    const commits = Array.from({ length: 40 }, (_, number) => `commit ${number}`);
    const seen = new Set(commits.flatMap(commit => names({ ...given, commit, changed: [], room })));
    assert.deepEqual([...seen].toSorted(), ['four', 'one', 'three', 'two']);
    assert.deepEqual(names({ ...given, changed: [], room }), names({ ...given, changed: [], room }));
  });

  it('takes any where it is not known what has changed, and says so', () => {
    const { taken } = choose({ ...given, changed: undefined });
    assert.equal(taken.length, 4);
    assert.match(taken[0]?.why ?? '', /not known/);
  });
});
