import assert from 'node:assert/strict';
import type { Daemon } from '../../src/modules/libvirt_conf/daemon.ts';
import { runningJobs } from '../../src/modules/libvirt_conf/jobs.ts';
import { noJobsStill } from '../../src/modules/libvirt_conf/restart-daemon.ts';
import { runWith } from './stubs.ts';

const uri = 'qemu:///system';
const vm1 = '11111111-1111-4111-8111-111111111111';
const vm2 = '22222222-2222-4222-8222-222222222222';

interface Told {
  /** What `list --uuid` prints. */
  readonly running?: string;
  /**
   * What domjobinfo, domblklist and blockjob print, as cases of sh over the command and its
   * arguments.
   */
  readonly cases?: string;
}

/**
 * A virsh that answers batches as the real one does: what was echoed may be on a line with what
 * follows.
 */
function virsh({ running = `${vm1}\n${vm2}\n\n`, cases = '' }: Told): string {
  return `#!/bin/sh
[ "$1 $2 $3" = '-q -c ${uri}' ] || exit 2
shift 3
case $1 in list) [ "$2" = --uuid ] || exit 2; printf %s '${running}'; exit ;; esac
printf '%s\\n' "$1" | tr ';' '\\n' | while read -r line; do
  case $line in ${cases}
  echo\\ *) printf %s "\${line#echo }" ;;
  domjobinfo*) printf '%s\\n\\n' 'Job type:         None        ' ;;
  domblklist*${vm1}) printf '%s\\n' ' vda      /srv/a b.qcow2' ' sda      -' '' ;;
  domblklist*) printf '%s\\n' ' vdb      /dev/vmpool/vm2' '' ;;
  blockjob*) printf '%s\\n' "No current block job for \${line##* }" ;;
  '') ;;
  *) exit 2 ;; esac
done`;
}

describe('jobs that a restart of libvirtd would break', () => {
  function jobs(told: Told): { code: number | null; lines: string[]; stderr: string } {
    const { code, stderr, stdout } = runWith({ virsh: virsh(told) }, runningJobs(uri).text);
    return { code, lines: stdout.split('\n').filter(line => line !== ''), stderr };
  }

  it('are none where all guests say so, and where no guest runs', () => {
    assert.deepEqual(jobs({}), { code: 0, lines: [], stderr: '' });
    assert.deepEqual(jobs({ running: '\n' }), { code: 0, lines: [], stderr: '' });
  });

  it('are those of a guest: its migration, dump or backup', () => {
    const backup = `'Job type:         Unbounded   ' 'Operation:        Backup      ' 'Time elapsed:     12 ms'`;
    const { code, lines } = jobs({ cases: `domjobinfo*${vm2}) printf '%s\\n' ${backup} '' ;;` });
    assert.deepEqual([code, lines], [0, [`${vm2} has a job: Unbounded`]]);
  });

  it('are those of a disk: what is copied or merged', () => {
    const { code, lines } = jobs({ cases: `blockjob*vdb) printf 'Block Commit: [ 12 %%]\\r\\n' ;;` });
    assert.deepEqual([code, lines], [0, [`${vm2} vdb has a job: Block Commit: [ 12 %]`]]);
  });

  it('are not known where a guest could not be asked', () => {
    for (const command of ['domjobinfo', 'domblklist', 'blockjob']) {
      const cases = `${command}*${vm2}*) echo 'error: Timed out during operation' >&2 ;;`;
      const { code, lines, stderr } = jobs({ cases });
      assert.deepEqual([command, code, lines], [command, 1, []]);
      assert.match(stderr, /Timed out/);
    }
  });

  it('are not known where virsh answered for some only, or for none', () => {
    assert.match(jobs({ cases: `echo*${vm2}*) exit 0 ;;` }).stderr, /virsh did not answer for all/);
    assert.equal(jobs({ cases: `echo*${vm2}*) exit 0 ;;` }).code, 1);
    assert.equal(runWith({ virsh: '#!/bin/sh\nexit 1\n' }, runningJobs(uri).text).code, 1);
  });
});

describe('the guard of a restart of libvirtd', () => {
  const daemon = { pid: 700, unit: 'libvirtd' } as Daemon;

  function guard(pid: number, told: Told): number | null {
    const systemctl = `#!/bin/sh\n[ "$*" = 'show -p MainPID --value -- libvirtd.service' ] && echo ${pid}\n`;
    return runWith({ systemctl, virsh: virsh(told) }, noJobsStill(uri, daemon).text).code;
  }

  it('lets it go on with the same process and no job', () => {
    assert.equal(guard(700, {}), 0);
  });

  it('leaves with 75 where another process is the daemon by now, or a job has begun', () => {
    assert.equal(guard(701, {}), 75);
    assert.equal(guard(700, { cases: `domjobinfo*) echo 'Job type:         Unbounded   ' ;;` }), 75);
  });

  it('fails where virsh cannot tell', () => {
    assert.equal(guard(700, { cases: `domjobinfo*) echo 'error: no answer' >&2 ;;` }), 1);
  });
});
