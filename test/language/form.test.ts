import assert from 'node:assert/strict';
import { validate } from '../../src/language/validate.ts';
import { lineinfile } from '../../src/modules/lineinfile/lineinfile.ts';
import { lvmLogicalVolume } from '../../src/modules/lvm_lv/lvm_lv.ts';
import type { AnyModule } from '../../src/modules/module.ts';
import { user } from '../../src/modules/user/user.ts';

describe('an argument of the wrong form', () => {
  const rows: [module: AnyModule, args: object, message: RegExp][] = [
    [
      lvmLogicalVolume,
      { vg: 'a', lv: 'b', size: 512 },
      /^"size" must be a number with a unit, .* \(512M, 1\.5G\).*, not 512$/,
    ],
    [
      lvmLogicalVolume,
      { vg: 'a', lv: 'b', size: '100m' },
      /^"size" must be a number with a unit, K, M, G, T or P.*, not "100m"$/,
    ],
    [lineinfile, { path: '/x', line: 'a\n' }, /^"line" must be one line of text, without a newline .*, not "a\\n"$/],
    [lineinfile, { path: '/x', line: 'a', mode: 'x+' }, /^"mode" must be octal digits .*'\+x'.*, not "x\+"$/],
    [user, { name: 'a', groups: 'libvirt,kvm' }, /^"groups" must be a list: \[libvirt, kvm\], not "libvirt,kvm"$/],
  ];
  for (const [module, args, message] of rows) {
    it(`is told what it must be: ${JSON.stringify(args)}`, () => {
      const problems = validate(module.args, args).map(problem => problem.message);
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0] ?? '', message);
    });
  }
});
