import assert from 'node:assert/strict';
import { parseMountinfo } from '../../../src/host/file/mounts.ts';
import { missingOptions } from '../../../src/host/mount/options.ts';

type Row = [it: string, wanted: string, line: string, missing: string[]];

const ext4 = '22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw,errors=remount-ro';
const huge = '30 1 0:40 / /h rw,relatime - hugetlbfs none rw,gid=64055,mode=1770,pagesize=1024M';
const tmpfs = '31 1 0:41 / /t rw,nosuid,nodev - tmpfs tmpfs rw,size=1048576k,inode64';
const readonly = '32 1 0:42 / /r ro,noatime - xfs /dev/sdb ro';

const rows: Row[] = [
  ['defaults hold always', 'defaults,nofail,x-systemd.device-timeout=5,_netdev', ext4, []],
  ['flags are compared', 'noatime,nodev', ext4, ['noatime', 'nodev']],
  ['the opposite of a flag is its absence', 'exec,suid,dev,atime', tmpfs, ['suid', 'dev']],
  ['rw and ro', 'rw', readonly, ['rw']],
  ['a value of the file system', 'errors=continue', ext4, ['errors=continue']],
  ['a value that is not shown is not compared', 'commit=60', ext4, []],
  ['1G is 1024M', 'pagesize=1G,mode=01770,gid=64055', huge, []],
  ['a name of a group cannot be compared', 'gid=kvm', huge, []],
  ['another size', 'size=2G', tmpfs, ['size=2G']],
  ['the same size', 'size=1g,mode=1777', tmpfs, []],
  ['a share of the memory cannot be compared', 'size=50%', tmpfs, []],
  ['a size that is missing', 'size=4G', huge, ['size=4G']],
];

describe('options of a live mount', () => {
  for (const [title, wanted, line, missing] of rows) {
    it(title, () => assert.deepEqual(missingOptions(wanted, parseMountinfo(line)[0]!), missing));
  }
});
