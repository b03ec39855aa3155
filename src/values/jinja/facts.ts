interface Fact {
  /** The expression that has the same value here, as far as the note does not say otherwise. */
  readonly here: string;
  readonly note?: string;
  /** True where the value has another shape, so that it cannot be written for the other one. */
  readonly other?: true;
  /** Where the values are in small letters here: what Ansible calls otherwise, by its words. */
  readonly words?: Readonly<Record<string, string>>;
}

const address = (family: string) =>
  `facts.network.addresses.filter(i, i.interface == facts.network.default_interface && i.family == '${family}')[0]`;
const idNote = 'It is the ID of os-release: "debian", "ubuntu", "rhel".';
const versionNote = 'It is the VERSION_ID of os-release: "12" on Debian, where Ansible has "12.11".';

/** Facts of Ansible, without their `ansible_`. */
const facts: Readonly<Record<string, Fact>> = {
  os_family: {
    here: 'facts.os.family',
    note: 'It is in small letters: "debian", "redhat".',
    words: { Archlinux: 'arch' },
  },
  distribution: {
    here: 'facts.os.id',
    note: idNote,
    words: { RedHat: 'rhel', OracleLinux: 'ol', Amazon: 'amzn', Archlinux: 'arch', 'openSUSE Leap': 'opensuse-leap' },
  },
  distribution_version: { here: 'facts.os.version', note: versionNote },
  distribution_release: { here: 'facts.os.codename' },
  distribution_major_version: { here: "split(facts.os.version, '.')[0]" },
  lsb: { here: 'facts.os', other: true },
  architecture: { here: 'facts.os.machine' },
  machine: { here: 'facts.os.machine' },
  kernel: { here: 'facts.kernel.release' },
  cmdline: { here: 'facts.kernel.cmdline', other: true },
  hostname: { here: 'facts.network.hostname' },
  nodename: { here: 'facts.network.hostname' },
  default_ipv4: { here: address('inet') },
  default_ipv6: { here: address('inet6') },
  interfaces: { here: 'facts.network.interfaces.map(i, i.name)' },
  fqdn: { here: 'facts.fqdn.name' },
  domain: { here: 'facts.fqdn.domain' },
  all_ipv4_addresses: { here: "facts.network.addresses.filter(i, i.family == 'inet').map(i, i.address)" },
  all_ipv6_addresses: { here: "facts.network.addresses.filter(i, i.family == 'inet6').map(i, i.address)" },
  memtotal_mb: { here: '(facts.memory.total / 1048576)' },
  memfree_mb: {
    here: '(facts.memory.available / 1048576)',
    note: 'It is what could be had without swapping, which is more than MemFree.',
  },
  swaptotal_mb: { here: '(facts.memory.swap / 1048576)' },
  processor: { here: 'facts.cpu.model', other: true },
  processor_count: { here: 'facts.cpu.count.sockets' },
  processor_cores: { here: 'facts.cpu.count.cores', note: 'It counts those of all sockets.' },
  processor_vcpus: { here: 'facts.cpu.count.logical' },
  processor_nproc: { here: 'facts.cpu.count.online' },
  devices: { here: 'facts.block', other: true },
  mounts: { here: 'facts.block', other: true },
  lvm: { here: 'facts.lvm', other: true },
  service_mgr: { here: 'facts.os.init' },
  pkg_mgr: { here: 'facts.os.package_manager' },
  user_id: { here: 'facts.user.name' },
  user_uid: { here: 'facts.user.uid' },
  user_gid: { here: 'facts.user.gid' },
  user_dir: { here: 'facts.user.home' },
  user_shell: { here: 'facts.user.shell' },
  env: { here: 'facts.env' },
  virtualization_role: { here: 'facts.virtualization.role' },
  virtualization_type: {
    here: 'facts.virtualization.type',
    words: { VirtualBox: 'oracle', 'Hyper-V': 'microsoft', VirtualPC: 'microsoft' },
  },
  selinux: { here: 'facts.selinux', other: true },
};

/** The names of all facts of Ansible that have something like them here. */
export const foreignFacts: readonly string[] = Object.keys(facts).map(name => `ansible_${name}`);

/** What has the value of a fact that Ansible calls `ansible_…`: a path or a longer expression. */
export function factPath(name: string): string | undefined {
  const fact = factOf(name);
  return fact?.other ? undefined : fact?.here;
}

/**
 * What a value of a fact is here that is written in the letters of Ansible (`Debian`); undefined
 * for what may be a value here.
 * @param path of the fact, as `facts.os.id`
 */
export function valueHere(path: string, text: string): string | undefined {
  if (!/[A-Z]/.test(text)) return undefined;
  const words = Object.values(facts).find(({ here }) => here === path)?.words;
  return words && (Object.hasOwn(words, text) ? words[text] : text.toLowerCase());
}

/** What differs of a fact, next to the letters of its words. */
export function factNote(name: string): string | undefined {
  const fact = factOf(name);
  return fact?.words ? undefined : fact?.note;
}

/** What to write for a fact of Ansible, and what differs. */
export function factHint(name: string): string | undefined {
  if (name === 'ansible_facts') return 'Write: facts. "hostwright facts HOST" shows what is in it.';
  const fact = factOf(name);
  if (!fact) return undefined;
  const note = fact.other ? 'It has another form: see "hostwright facts HOST".' : fact.note;
  const isPath = /^[\w.]+$/.test(fact.here);
  const inTemplates = isPath ? '' : `, in a template {{ cel "${fact.here}" }}`;
  return `Write: ${fact.here}${inTemplates}${note === undefined ? '' : `. ${note}`}`;
}

/** Whether something differs of a fact that a translated comparison does not show. */
export function hasNote(name: string): boolean {
  const fact = factOf(name);
  return fact !== undefined && !fact.words && (fact.other === true || fact.note !== undefined);
}

function factOf(name: string): Fact | undefined {
  const own = /^ansible_(\w+)$/.exec(name)?.[1];
  return own !== undefined && Object.hasOwn(facts, own) ? facts[own] : undefined;
}
