import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Copy, makeCopies } from '../../scripts/mutate/copy.ts';
import { moduleIndex } from '../../scripts/pages/module-index.ts';
import { moduleFiles } from '../../scripts/pages/module-skeleton.ts';

const root = join(import.meta.dirname, '../..');

describe('the list of modules', () => {
  it('is what npm run schemas makes of the folders', () => {
    assert.equal(readFileSync(join(root, 'src/modules/index.ts'), 'utf8'), moduleIndex(root));
  });
});

describe('npm run new-module', function () {
  this.timeout(300_000);
  let copies: { copies: Copy[]; remove: () => void };

  before(() => {
    copies = makeCopies(root, 1);
  });
  after(() => copies.remove());

  function run(...args: string[]) {
    const cwd = copies.copies[0]!.project;
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', timeout: 280_000 });
    return { status, said: `${stdout}${stderr}` };
  }

  it('writes a module that has its types, is in the list, and passes its tests', () => {
    const made = run('scripts/new-module.ts', 'kernel_value');
    assert.equal(made.status, 0, made.said);
    assert.match(made.said, /^wrote src\/modules\/kernel_value\/schema\.ts$/m);
    assert.equal(run('scripts/schemas.ts').status, 0);
    const types = run('node_modules/typescript/bin/tsc', '--noEmit', '-p', '.');
    assert.equal(types.status, 0, types.said);
    const tests = ['cases', 'contract', 'completeness'].map(name => `test/modules/${name}.test.ts`);
    const tested = run('node_modules/mocha/bin/mocha.js', '--no-color', ...tests, '-g', 'kernel_value');
    assert.equal(tested.status, 0, tested.said);
    assert.match(tested.said, /sets another value/);
    assert.match(tested.said, /kernel_value describes all its arguments/);
  });

  it('writes the module that docs/architecture.md shows', () => {
    const shown = /```ts\n(.*?)```/s.exec(readFileSync(join(root, 'docs/architecture.md'), 'utf8'))?.[1];
    assert.equal(shown, moduleFiles('kernel_value')['src/modules/kernel_value/kernel_value.ts']);
  });

  it('overwrites nothing, and wants a name that a module can have', () => {
    const again = run('scripts/new-module.ts', 'ksm');
    assert.deepEqual([again.status, again.said], [5, 'src/modules/ksm/schema.ts exists already.\n']);
    const bad = run('scripts/new-module.ts', '../x');
    assert.equal(bad.status, 5);
    assert.match(bad.said, /"\.\.\/x" is not a name of a module/);
    assert.equal(existsSync(join(copies.copies[0]!.project, 'src/x')), false);
    assert.match(run('scripts/new-module.ts').said, /^npm run new-module -- NAME$/m);
  });
});
