import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { escapedInXml } from '../../../src/host/libvirt/all-domains.ts';
import { printLeading } from '../../../src/modules/nfs_mount/users.ts';
import { sh } from '../../../src/shell/quote.ts';
import { script } from '../../../src/shell/script.ts';
import { run } from '../converge.ts';
import { eachShell } from '../timeline.ts';

describe('paths in documents of libvirt', () => {
  eachShell('lead to a mount point by links, too', (host, at) => {
    mkdirSync(join(at, 'data/a & b'), { recursive: true });
    mkdirSync(join(at, 'other'));
    symlinkSync('data', join(at, 'way'));
    symlinkSync('../way/a & b/disk', join(at, 'other/disk'));
    const leading = ['data/a & b', 'way/a & b/new', 'other/disk'];
    const text = (path: string) => escapedInXml(join(at, path));
    const disks = [...leading, 'other/none', 'data/a & bc', 'gone/x'].map(path => `<source file='${text(path)}'/>`);
    const known = sh`all=${disks.join('\n')} pools=${`<target><path>${text('way/a & b')}</path></target>`}`;
    const answer = run(host, script({ leading: sh`${known}\n${printLeading(join(at, 'way/a & b'))}` }));
    const found = answer.leading?.stdout.trimEnd().split('\n').toSorted();
    assert.deepEqual(found, [...leading, 'way/a & b'].map(path => join(at, path)).toSorted());
  });
});
