import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { leavingParameters } from '../../src/host/boot/foretold.ts';
import { type Boot, boot, dropInPath } from '../../src/host/boot/loader.ts';
import { splitTokens } from '../../src/host/boot/tokens.ts';
import { grubSettings } from '../../src/modules/kernel_cmdline/settings.ts';
import type { Foretold, Look } from '../../src/shell/look.ts';
import { output } from '../../src/shell/script.ts';
import { type CopiedRoot, copiedRootObstacle, copyRoot } from './copied-root.ts';

/** All that the look itself starts; no boot loader of this machine is among it. */
const tools = ['awk', 'cat', 'grep', 'sed', 'sh'];

const mkconfig = { '/stubs/grub-mkconfig': '#!/bin/sh\n# reads ${sysconfdir}/default/grub.d\n' };

/**
 * The signs of each loader, in the order in which they count, and what the host is taken for by
 * them.
 */
const signs = [
  ['ostree', { '/run/ostree-booted': '' }],
  ['proxmox', { '/stubs/proxmox-boot-tool': '#!/bin/sh\n[ "$*" = status ]\n' }],
  ['kernelstub', { '/stubs/kernelstub': '#!/bin/sh\n' }],
  ['grubby', { '/stubs/grubby': '#!/bin/sh\n' }],
  ['systemd-boot', { '/stubs/bootctl': '#!/bin/sh\n[ "$*" = is-installed ]\n' }],
  ['grub', mkconfig],
  ['unknown', {}],
] as const;

describe('what a host boots with, on real files', () => {
  let root: CopiedRoot;

  before(function () {
    const obstacle = copiedRootObstacle();
    if (obstacle === undefined) root = copyRoot();
    else if (process.env.CI) throw new Error(obstacle);
    else this.skip();
  });

  beforeEach(() => {
    for (const path of ['/etc/default', '/etc/tuned', '/boot/grub', '/run/ostree-booted', '/stubs', '/tools'])
      rmSync(join(root.path, path), { recursive: true, force: true });
    mkdirSync(join(root.path, '/tools'));
    for (const tool of tools) symlinkSync(`/bin/${tool}`, join(root.path, '/tools', tool));
  });

  after(() => root?.remove());

  function seenBy<T>({ probe, read }: Look<T>, files: Readonly<Record<string, string>>, foretold?: Foretold): T {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root.path, path)), { recursive: true });
      writeFileSync(join(root.path, path), text);
      chmodSync(join(root.path, path), path.startsWith('/stubs/') ? 0o755 : 0o644);
    }
    const answers = probe.sections.map(({ name, text }) => {
      const options = { input: text, encoding: 'utf8', env: { PATH: '/stubs:/tools', LC_ALL: 'C' } } as const;
      const { status, stderr, stdout } = spawnSync('/usr/sbin/chroot', [root.path, '/bin/sh'], options);
      return [name, output(status ?? 255, stdout, stderr)];
    });
    return read(Object.fromEntries(answers), foretold);
  }

  function bootOf(files: Readonly<Record<string, string>>): Boot {
    return seenBy(boot, files);
  }

  it('will have the parameters that an earlier task of check mode would have set', () => {
    const files = { ...mkconfig, '/boot/grub/grub.cfg': 'linux /vmlinuz ro hugepages=1 quiet\n' };
    const { entries } = bootOf(files);
    const parameters = { names: ['hugepages', 'hugepagesz'], wanted: ['hugepagesz=1G', 'hugepages=2'] };
    const foretold = new Map(Object.entries(leavingParameters(entries, parameters)));
    assert.deepEqual(entries, [['ro', 'hugepages=1', 'quiet']]);
    assert.deepEqual(seenBy(boot, files, foretold).entries, [['ro', 'quiet', 'hugepagesz=1G', 'hugepages=2']]);
  });

  /** What the settings come to, without and with a drop-in of ours that adds `ours`. */
  function settingsOf(files: Readonly<Record<string, string>>): readonly (readonly string[])[] {
    const own = { [dropInPath]: 'GRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT ours"\n' };
    const { all, others } = seenBy(grubSettings, { ...mkconfig, ...own, ...files });
    return [others, all];
  }

  const main = '/etc/default/grub';
  const legal: Readonly<Record<string, [files: Readonly<Record<string, string>>, others: readonly string[]]>> = {
    'are overridden by a later file': [
      {
        [main]: 'GRUB_CMDLINE_LINUX_DEFAULT=iommu=on\n',
        '/etc/default/grub.d/50-cloud.cfg': 'GRUB_CMDLINE_LINUX_DEFAULT=\n',
      },
      [],
    ],
    'have comments behind them': [{ [main]: 'GRUB_CMDLINE_LINUX=quiet # iommu=off\n' }, ['quiet']],
    'go over several lines': [
      { [main]: 'GRUB_CMDLINE_LINUX_DEFAULT="quiet\n  iommu=pt \\\nsplash"\n' },
      ['quiet', 'iommu=pt', 'splash'],
    ],
    'are made by a shell': [
      {
        [main]:
          'set -- a b; for one in "$@"; do x=$one; ' +
          'GRUB_CMDLINE_LINUX="${GRUB_CMDLINE_LINUX-}$one=$(echo 1) "; done; echo text\n',
      },
      ['a=1', 'b=1'],
    ],
    'are not there': [{}, []],
  };
  for (const [what, [files, others]] of Object.entries(legal)) {
    it(`evaluates settings that ${what}`, () => assert.deepEqual(settingsOf(files), [others, [...others, 'ours']]));
  }

  it('cannot tell settings that fail, as grub-mkconfig could not', () => {
    for (const text of ['GRUB_CMDLINE_LINUX="open\n', 'false\n'])
      assert.throws(() => settingsOf({ [main]: text }), /reads \/etc\/default\/grub exited with code/);
  });

  it('is read from the settings of GRUB, whoever wrote them and however', () => {
    const boot = bootOf({
      ...mkconfig,
      '/boot/grub/grub.cfg': `menuentry 'Debian' {
\tlinux\t/vmlinuz-6.1 root=UUID=1 ro "dyndbg=file a.c +p" quiet
\tinitrd /initrd.img-6.1
}
menuentry 'Debian (recovery mode)' {
\tlinux /vmlinuz-6.1 root=UUID=1 ro single
}
`,
      '/etc/default/grub': `# GRUB_CMDLINE_LINUX="commented"
GRUB_TIMEOUT=5
GRUB_CMDLINE_LINUX="one two=2"
  export GRUB_CMDLINE_LINUX_DEFAULT='three four'
GRUB_CMDLINE_LINUX_RECOVERY=single
`,
      '/etc/default/grub.d/50-cloud.cfg': '\nexport\tGRUB_CMDLINE_LINUX=five\n',
      '/etc/default/grub.d/readme': 'GRUB_CMDLINE_LINUX=ignored\n',
      [dropInPath]: 'GRUB_CMDLINE_LINUX_DEFAULT=ours\n',
      '/etc/tuned/bootcmdline': 'TUNED_BOOT_CMDLINE="isolcpus=2-3"\nTUNED_BOOT_INITRD_ADD=""\n',
    });
    assert.deepEqual(boot, {
      loader: 'grub',
      live: splitTokens(readFileSync('/proc/cmdline', 'utf8')),
      entries: [['root=UUID=1', 'ro', '"dyndbg=file a.c +p"', 'quiet']],
      dropIn: 'GRUB_CMDLINE_LINUX_DEFAULT=ours\n',
      settings: [
        { file: '/etc/default/grub', line: 3, tokens: ['one', 'two=2'] },
        { file: '/etc/default/grub', line: 4, tokens: ['three', 'four'] },
        { file: '/etc/default/grub.d/50-cloud.cfg', line: 2, tokens: ['five'] },
        { file: '/etc/tuned/bootcmdline', line: 1, tokens: ['isolcpus=2-3'] },
      ],
      rescue: [],
    });
  });

  for (const word of ['linux16', 'linuxefi']) {
    it(`is read from an entry that says ${word}`, () => {
      const boot = bootOf({ ...mkconfig, '/boot/grub/grub.cfg': `menuentry x {\n  ${word} /vmlinuz ro quiet\n}\n` });
      assert.deepEqual(boot.entries, [['ro', 'quiet']]);
    });
  }

  it('is asked of grubby for every kernel', () => {
    const info =
      `index=0\nkernel="/boot/vmlinuz-5"\nargs="ro ` +
      `crashkernel=1G"\nroot="/dev/sda1"\nindex=1\nargs="ro"\nindex=2\nkernel="/boot/vmlinuz-0-rescue-1a2b"\nargs="ro ` +
      `rescue=1"`;
    const grubby = `#!/bin/sh\n[ "$*" = --info=ALL ] && echo '${info}'\n`;
    const boot = bootOf({ ...mkconfig, '/stubs/grubby': grubby });
    assert.equal(boot.loader, 'grubby');
    assert.deepEqual(boot.entries, [['ro', 'crashkernel=1G'], ['ro']]);
    assert.deepEqual(boot.rescue, [{ kernel: '/boot/vmlinuz-0-rescue-1a2b', tokens: ['ro', 'rescue=1'] }]);
    assert.equal(boot.dropIn, undefined);
  });

  for (const [at, [loader]] of signs.entries()) {
    it(`is that of ${loader} where the signs of those that count less are there, too`, () => {
      const files = signs.slice(at).map(([, there]) => there);
      assert.equal(bootOf(Object.assign({}, ...files)).loader, loader);
    });
  }

  it('is that of GRUB where the others are installed only', () => {
    const menu = { '/boot/grub/grub.cfg': '' };
    const unused = { '/stubs/proxmox-boot-tool': '#!/bin/sh\nexit 2\n' };
    const bootctl = { '/stubs/bootctl': '#!/bin/sh\n' };
    assert.equal(bootOf({ ...mkconfig, ...unused, ...menu, ...bootctl }).loader, 'grub');
    const plain = { '/stubs/grub-mkconfig': '#!/bin/sh\n# reads ${sysconfdir}/default/grub\n' };
    assert.equal(bootOf({ ...plain, ...menu }).loader, 'grub-without-directory');
  });

  it('is not known from a systemd-boot that is not installed', () => {
    assert.equal(bootOf({ '/stubs/bootctl': '#!/bin/sh\nexit 1\n' }).loader, 'unknown');
  });
});
