// The Debian packages that the suites, the lab and the bench need. By hand: node
// scripts/packages.ts [SUITE…]
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

const lab = ['qemu-utils', 'openssh-client', 'debootstrap', 'fdisk', 'e2fsprogs', 'wget'];
const embed = ['qemu-utils', 'libvirt-clients', 'libvirt-daemon', 'libvirt-daemon-driver-qemu', 'qemu-system-x86'];

/** What each suite, and the bench, needs beyond Node. */
export const packagesOf: Record<string, string[]> = {
  unit: ['bash', 'bsdutils', 'busybox', 'fish', 'git', 'man-db', 'mandoc', 'zsh'],
  modules: [
    'acl',
    'attr',
    'busybox',
    'curl',
    'fio',
    'git',
    'dnf',
    'qemu-utils',
    'rpm',
    'createrepo-c',
    'strace',
    'util-linux',
  ],
  sandbox: ['bash', 'busybox', 'cron', 'openssh-client', 'openssh-server', 'passwd', 'systemd', 'tzdata'],
  conformance: [
    ...[
      'ansible',
      'bash',
      'busybox',
      'createrepo-c',
      'cron',
      'dnf',
      'e2fsprogs',
      'git',
      'openssh-client',
      'openssh-server',
    ],
    ...['passwd', 'python3-lxml', 'rpm', 'systemd', 'tzdata', 'util-linux'],
  ],
  sshd: ['openssh-server', 'openssh-client', 'sudo'],
  lvm: ['lvm2', 'fio', 'e2fsprogs', 'xfsprogs', 'btrfs-progs', 'dosfstools', 'fdisk', 'util-linux', 'busybox'],
  embed,
  install: ['git'],
  site: lab,
  lab: [...lab, 'openssh-server'],
  bench: ['ansible', 'ansible-mitogen', 'bash', 'busybox', 'openssh-client', 'openssh-server'],
};

/** Those that are not installed, in order and each once. */
export function missingPackages(names: string[]): string[] {
  const wanted = [...new Set(names)];
  if (wanted.length === 0) return [];
  const format = '${Package} ${db:Status-Status}\n';
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', format, ...wanted], { encoding: 'utf8' });
  const installed = new Set((stdout ?? '').split('\n').flatMap(line => line.match(/^(\S+) installed$/)?.[1] ?? []));
  return wanted.filter(name => !installed.has(name));
}

/**
 * Installs what is missing, or says why it cannot: then what is missing is returned with the
 * advice.
 */
export function ensurePackages(names: string[]): { missing: string[]; advice?: string } {
  const missing = missingPackages(names);
  if (missing.length === 0) return { missing };
  const command = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  if (!existsSync('/usr/bin/apt-get')) return { missing, advice: `install what Debian calls ${missing.join(', ')}` };
  if (process.getuid?.() !== 0) return { missing, advice: `as root: ${command}` };
  process.stderr.write(`Installing Debian packages: ${missing.join(' ')} …\n`);
  const failed = withoutStartingServices(() => apt(['update'], false) ?? install(missing));
  return failed ? { missing: missingPackages(names), advice: failed } : { missing: [] };
}

function install(names: string[]): string | undefined {
  return apt(['install', '--yes', '--no-install-recommends', ...names], true);
}

/** Runs apt-get, and returns what it said if that matters and it failed. */
function apt(arguments_: string[], matters: boolean): string | undefined {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, stderr } = spawnSync('apt-get', ['-q', ...arguments_], { env, encoding: 'utf8' });
  if (status === 0 || !matters) return undefined; // an old list of packages often serves as well
  return `apt-get ${arguments_[0]} failed: ${stderr.trim().split('\n').slice(-3).join(' ')}`;
}

/**
 * The tests start private daemons of their own: an sshd or libvirtd that listens for the world is
 * not wanted.
 */
function withoutStartingServices<T>(work: () => T): T {
  const policy = '/usr/sbin/policy-rc.d';
  const ours = !existsSync(policy);
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return work();
  } finally {
    if (ours) rmSync(policy);
  }
}

if (import.meta.main) {
  const suites = process.argv.slice(2);
  const unknown = suites.find(name => !(name in packagesOf));
  if (unknown) process.stderr.write(`There is no suite "${unknown}": ${Object.keys(packagesOf).join(', ')}\n`);
  const names = (suites.length > 0 ? suites : Object.keys(packagesOf)).flatMap(name => packagesOf[name] ?? []);
  const { advice, missing } = ensurePackages(names);
  if (missing.length > 0) process.stderr.write(`Missing: ${missing.join(' ')}\n${advice}\n`);
  process.exitCode = unknown ? 5 : missing.length > 0 ? 1 : 0;
}
