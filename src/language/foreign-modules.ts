import { written } from './yaml-text.ts';

/** What Hostwright has instead of a module of Ansible. */
export interface ForeignModule {
  /** What to know, or which modules to look at. */
  readonly note?: string;
  /** A task that does the same: a module and its arguments. */
  readonly task?: readonly [module: string, args: string | Readonly<Record<string, string | boolean>>];
  /** The command of hostwright that does the same for hosts of a pattern. */
  readonly command?: 'facts';
}

const facts = { note: 'Leave it out: the facts that a play names are gathered.', command: 'facts' } as const;
const virsh = {
  note: 'Guests are changed by "libvirt_domain" and others. What is missing, virsh does:',
  task: ['command', 'virsh list'],
} as const;
const asked = 'Ask with a command and register what it prints.';
const repository = 'Put its file in place with "copy", or with "template".';

/** Modules of Ansible that have another name here, or none, and what to write for them. */
const otherModules: Readonly<Record<string, ForeignModule>> = {
  ping: {
    note: 'A host that cannot be reached fails in any case.',
    task: ['command', { cmd: 'true', reads: true }],
  },
  setup: facts,
  gather_facts: facts,
  package_facts: { note: asked, task: ['command', { cmd: 'dpkg-query -W', reads: true }] },
  service_facts: { note: asked, task: ['command', { cmd: 'systemctl list-units', reads: true }] },
  getent: { note: asked, task: ['command', { cmd: 'getent passwd root', reads: true }] },
  raw: { note: 'Write "command" or "shell": they need nothing on the host but sh.' },
  expect: {
    note: 'Write "command" and give it what it asks for:',
    task: ['command', { cmd: 'cat', stdin: 'yes' }],
  },
  synchronize: { note: 'Write "copy" for files, "unarchive" for trees of them.' },
  assemble: { note: 'Write a "template" that has all of the parts.' },
  yum: { note: 'Write "dnf", or "package".' },
  dnf5: { note: 'Write "dnf", or "package".' },
  zypper: { note: 'Write "package".' },
  pacman: { note: 'Write "package".' },
  apt_repository: {
    note: repository,
    task: ['copy', { dest: '/etc/apt/sources.list.d/name.list', content: 'deb …' }],
  },
  deb822_repository: {
    note: repository,
    task: ['copy', { dest: '/etc/apt/sources.list.d/name.sources', content: 'Types: deb' }],
  },
  yum_repository: {
    task: [
      'ini_file',
      {
        path: '/etc/yum.repos.d/name.repo',
        section: 'name',
        option: 'baseurl',
        value: 'https://example.org/name',
      },
    ],
  },
  apt_key: { task: ['get_url', { url: 'https://example.org/name', dest: '/etc/apt/keyrings/name.asc' }] },
  rpm_key: { task: ['command', 'rpm --import https://example.org/name'] },
  pip: { task: ['command', { cmd: 'pip install name', unless: 'pip show name' }] },
  debconf: { task: ['command', 'debconf-set-selections'] },
  lvg: { note: 'Write "lvm_vg".' },
  lvol: { note: 'Write "lvm_lv", or "lvm_thin_pool" for a pool.' },
  virt: virsh,
  virt_net: virsh,
  virt_pool: virsh,
  firewalld: { task: ['command', 'firewall-cmd --permanent --add-service=ssh'] },
  ufw: { task: ['command', 'ufw allow ssh'] },
  iptables: { task: ['command', 'iptables -A INPUT -j ACCEPT'] },
  selinux: { task: ['command', 'setenforce 1'] },
  seboolean: { task: ['command', 'setsebool -P name on'] },
  alternatives: { task: ['command', 'update-alternatives --set name /path'] },
  openssh_keypair: { task: ['command', { cmd: 'ssh-keygen -f /path', creates: '/path' }] },
  wait_for_connection: {
    note: 'The next task connects again; "reboot" waits by itself.',
    task: ['meta', 'reset_connection'],
  },
};

/** The modules of Ansible that a hint is known for. */
export const foreignModules: readonly string[] = Object.keys(otherModules);

/** What Hostwright has instead of a module that only Ansible has; undefined for any other name. */
export function foreignModuleOf(name: string): ForeignModule | undefined {
  return Object.hasOwn(otherModules, name) ? otherModules[name] : undefined;
}

/**
 * What to write for a module that Ansible has and Hostwright does not have, or has under another
 * name.
 */
export function foreignModule(name: string): string | undefined {
  const { note, task } = foreignModuleOf(name) ?? {};
  const line = task === undefined ? [] : [`Write: ${task[0]}: ${argumentsText(task[1])}`];
  const parts = [...(note === undefined ? [] : [note]), ...line];
  return parts.length === 0 ? undefined : parts.join(' ');
}

function argumentsText(args: string | Readonly<Record<string, unknown>>): string {
  return typeof args === 'string' ? args : written(args);
}
