import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeFrame, readFrame } from '../../src/shell/frame.ts';
import { definitions } from '../../src/shell/functions/definitions.ts';
import { raw } from '../../src/shell/quote.ts';
import { script } from '../../src/shell/script.ts';
import { runShell, shells } from './shells.ts';

const nonce = 'feedfacefeedfacefeedfacefeedface';
const lastNumber = '/proc/sys/kernel/ns_last_pid';

/** Whether this machine lets a test have mounts and processes of its own. */
const apart = spawnSync('unshare', ['--mount', '--pid', '--fork', '--mount-proc', 'true']).status === 0;

for (const { name, argv } of shells) {
  describe(`what a script has left running, in ${name}`, function () {
    this.timeout(60_000);
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'hostwright-left-'));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const run = (text: string, shell = argv) => runShell(shell, `${definitions([text])}${text}\n`).stdout.toString();
    /** The shell in mounts and processes of its own, after `prepare`, to which "$0" is a file. */
    const prepared = (prepare: string) => [
      ...['unshare', '--mount', '--pid', '--fork', '--mount-proc', 'sh', '-c'],
      `${prepare}; exec "$@"`,
      join(folder, 'file'),
      ...argv,
    ];
    /**
     * What the second frame of a shell says that its script has left, as the number of a process.
     */
    const leftOf = (text: string, shell: readonly string[]) => {
      const asked = script({ it: raw(text) });
      const reader = readFrame(asked, nonce);
      const before = encodeFrame(script({ it: raw(':') }), { nonce: 'f00d', stopAtFailure: true, watched: true });
      const frame = encodeFrame(asked, { nonce, stopAtFailure: true, watched: true });
      const { stdout, stderr } = runShell(shell, `${before}${frame}`);
      reader.push('stdout', stdout);
      reader.push('stderr', stderr);
      assert.equal(reader.done(), true, stderr.toString());
      return { left: reader.left(), said: reader.answer().it?.stdout };
    };

    it('is not seen in what a busy host starts all the time', () => {
      // With each look at a process, another one begins.
      const busy = 'hw_prints() { ( : ) & return 1; }; hw_newest; first=$hw_to; sleep 1 >/dev/null 2>&1 &';
      assert.equal(run(`${busy}\nhw_left "$first" "$hw_at"; echo "[$hw_pid]"`), '[]\n');
    });

    for (const [how, told] of Object.entries({ 'tells of it': '', 'is that of another machine': 'hw_told=; ' })) {
      it(`is found where /proc/loadavg ${how}`, () => {
        const start = `${told}sleep 0.01; hw_newest; first=$hw_to; sleep 2 & it=$!;`;
        const look = (first: string) => `hw_left "${first}" "$hw_at"; [ "$hw_pid" = "$it" ]; echo $?`;
        const stdout = run(`${start} ${look('$first')}; ${look('9999999')}; echo "[$hw_told]"; kill $it`);
        assert.equal(stdout, `0\n0\n[${told === '' ? '1' : ''}]\n`);
      });
    }

    it('is found where /proc/loadavg stands still', function () {
      if (!apart) this.skip();
      const still = prepared('cat /proc/loadavg >"$0"; mount --bind "$0" /proc/loadavg || exit');
      const { left, said } = leftOf('sleep 3 & echo $!', still);
      assert.equal(left, Number(said));
    });

    it('is found where /proc/loadavg has just begun to stand still', function () {
      if (!apart) this.skip();
      const stop = `cat /proc/loadavg >${folder}/file; mount --bind ${folder}/file /proc/loadavg`;
      const text = `hw_newest; ${stop}; hw_newest; first=$hw_to; sleep 2 & it=$!; hw_left "$first" "$hw_at"`;
      const stdout = run(`${text}; [ "$hw_pid" = "$it" ]; echo "$? $hw_told"; kill $it`, prepared(':'));
      assert.equal(stdout, '0 1\n');
    });

    it('is found where the numbers went round in the time of the script', function () {
      if (!apart) this.skip();
      const long = prepared(`echo "100.9 1" >"$0"; mount --bind "$0" /proc/uptime; echo 5000 >${lastNumber} || exit`);
      const text = (uptime: string) =>
        `echo 300 >${lastNumber}; sleep 3 & echo $!; echo 5020 >${lastNumber}; echo ${uptime} 1 >${folder}/file`;
      const { left, said } = leftOf(text('106.01'), long);
      assert.ok(Number(said) < 5000, said);
      assert.equal(left, Number(said));
      // Within five seconds, a host does not use all its numbers.
      assert.equal(leftOf(text('105.99'), long).left, undefined);
    });

    it('is found where neither the uptime nor a number can be read', function () {
      if (!apart) this.skip();
      const blind = prepared('for f in uptime loadavg; do : >"$0"; mount --bind "$0" /proc/$f || exit; done');
      const { left, said } = leftOf('sleep 3 & echo $!', blind);
      assert.equal(left, Number(said));
    });
  });
}
