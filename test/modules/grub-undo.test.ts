import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dropInPath } from '../../src/host/boot/loader.ts';
import { undoGrub } from '../../src/modules/kernel_cmdline/grub.ts';
import { script } from '../../src/shell/script.ts';
import { run } from './converge.ts';
import { type CopiedRoot, copiedRootObstacle, copyRoot } from './copied-root.ts';

const ours = '# ours\nGRUB_CMDLINE_LINUX_DEFAULT="it\'s"\n';

describe('the undo of the settings of GRUB', () => {
  let root: CopiedRoot;
  let file = '';

  before(function () {
    const obstacle = copiedRootObstacle();
    if (obstacle === undefined) root = copyRoot();
    else if (process.env.CI) throw new Error(obstacle);
    else this.skip();
    file = join(root.path, dropInPath);
    mkdirSync(dirname(file), { recursive: true });
  });

  after(() => root?.remove());

  /** What the file comes to; the menu, which takes GRUB, is left out. */
  function undo(before: string | undefined): { code: number | undefined; text: string | undefined } {
    const [restore] = undoGrub(before, ours).sections;
    assert.equal(restore?.name, 'restore');
    const host = { shell: ['/usr/sbin/chroot', root.path, 'sh'] };
    const { restore: answer } = run(host, { ...script({}), sections: [restore] });
    return { code: answer?.code, text: existsSync(file) ? readFileSync(file, 'utf8') : undefined };
  }

  it('puts back what was there', () => {
    writeFileSync(file, ours);
    assert.deepEqual(undo('# before\n'), { code: 0, text: '# before\n' });
    writeFileSync(file, ours);
    assert.deepEqual(undo(undefined), { code: 0, text: undefined });
  });

  it('keeps what somebody else has written since', () => {
    writeFileSync(file, '# theirs\n');
    assert.deepEqual(undo('# before\n'), { code: 1, text: '# theirs\n' });
    assert.deepEqual(undo(undefined), { code: 1, text: '# theirs\n' });
  });
});
