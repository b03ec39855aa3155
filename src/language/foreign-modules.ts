const facts = 'Leave it out: the facts that a play names are gathered.';
const virsh =
  'Guests are changed by "libvirt_domain" and others. What is missing, virsh does: Write: command: virsh list';
const asked = 'Ask with a command and register what it prints.';
const repository = 'Put its file in place with "copy", or with "template".';

/** Modules of Ansible that have another name here, or none, and what to write for them. */
const otherModules: Readonly<Record<string, string>> = {
  ping: 'Write: command: {cmd: "true", reads: true}. A host that cannot be reached fails in any case.',
  setup: facts,
  gather_facts: facts,
  package_facts: `${asked} Write: command: {cmd: "dpkg-query -W", reads: true}`,
  service_facts: `${asked} Write: command: {cmd: "systemctl list-units", reads: true}`,
  getent: `${asked} Write: command: {cmd: "getent passwd root", reads: true}`,
  raw: 'Write "command" or "shell": they need nothing on the host but sh.',
  expect: 'Write "command" and give it what it asks for: Write: command: {cmd: cat, stdin: yes}',
  synchronize: 'Write "copy" for files, "unarchive" for trees of them.',
  assemble: 'Write a "template" that has all of the parts.',
  yum: 'Write "dnf", or "package".',
  dnf5: 'Write "dnf", or "package".',
  zypper: 'Write "package".',
  pacman: 'Write "package".',
  apt_repository: `${repository} Write: copy: {dest: /etc/apt/sources.list.d/name.list, content: deb …}`,
  deb822_repository: `${repository} Write: copy: {dest: /etc/apt/sources.list.d/name.sources, content: "Types: deb"}`,
  yum_repository:
    'Write: ini_file: {path: /etc/yum.repos.d/name.repo, section: name, option: baseurl, value: https://example.org/name}',
  apt_key: 'Write: get_url: {url: https://example.org/name, dest: /etc/apt/keyrings/name.asc}',
  rpm_key: 'Write: command: rpm --import https://example.org/name',
  pip: 'Write: command: {cmd: pip install name, unless: pip show name}',
  debconf: 'Write: command: debconf-set-selections',
  lvg: 'Write "lvm_vg".',
  lvol: 'Write "lvm_lv", or "lvm_thin_pool" for a pool.',
  virt: virsh,
  virt_net: virsh,
  virt_pool: virsh,
  firewalld: 'Write: command: firewall-cmd --permanent --add-service=ssh',
  ufw: 'Write: command: ufw allow ssh',
  iptables: 'Write: command: iptables -A INPUT -j ACCEPT',
  selinux: 'Write: command: setenforce 1',
  seboolean: 'Write: command: setsebool -P name on',
  alternatives: 'Write: command: update-alternatives --set name /path',
  openssh_keypair: 'Write: command: {cmd: "ssh-keygen -f /path", creates: /path}',
  wait_for_connection: 'Write: meta: reset_connection. The next task connects again; "reboot" waits by itself.',
};

/** The modules of Ansible that a hint is known for. */
export const foreignModules: readonly string[] = Object.keys(otherModules);

/** What to write for a module that Ansible has and Hostwright does not have, or has under another name. */
export function foreignModule(name: string): string | undefined {
  return Object.hasOwn(otherModules, name) ? otherModules[name] : undefined;
}
