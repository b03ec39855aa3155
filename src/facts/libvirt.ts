import { accept } from '../shell/answer.ts';
import { raw } from '../shell/quote.ts';
import { script } from '../shell/script.ts';
import { defineFacts } from './fact.ts';
import { flag, integer, list, record, text } from './schema.ts';

const uri = 'qemu:///system';

/** virDomainState of libvirt's public API. */
const states = ['nostate', 'running', 'blocked', 'paused', 'shutdown', 'shutoff', 'crashed', 'suspended'];

export const libvirt = defineFacts({
  name: 'libvirt',
  summary: 'libvirt, QEMU and the domains (null without virsh).',
  schema: record({
    uri: text('The connection that was asked.'),
    running: flag('Whether the daemon answers.'),
    version: text("libvirt's version; empty where the daemon does not answer."),
    qemu: text("QEMU's version; empty where the daemon does not answer."),
    domains: list(
      record({
        name: text('The domain.'),
        state: text('running, paused, shutoff, …'),
        active: flag('Whether it has a process.'),
        autostart: flag('Whether it is started with the host.'),
        persistent: flag('Whether it has a definition that stays.'),
        vcpus: integer('vCPUs it has now, or is defined with.'),
        max_vcpus: integer('vCPUs it may have.'),
        memory: integer('Bytes it may have.'),
        disks: list(
          record({ target: text('vda'), source: text('A path; empty for an empty drive or a network disk.') }),
        ),
      }),
    ),
  }),
  probe: script({
    client: raw('command -v virsh >/dev/null || exit 127; virsh --version'),
    version: raw(`virsh -r -c ${uri} version`),
    stats: raw(`virsh -r -c ${uri} domstats --state --vcpu --balloon --block`),
    autostart: raw(`virsh -r -c ${uri} list --all --autostart --name`),
    persistent: raw(`virsh -r -c ${uri} list --all --persistent --name`),
  }),
  read(answer) {
    if (answer.client?.code === 127) return null;
    // A daemon that is not there is a finding; one that may not be asked is none.
    if (answer.version?.code !== 0 && !/denied|authenti|not permitted/i.test(answer.version?.stderr ?? ''))
      return { uri, running: false, version: '', qemu: '', domains: [] };
    const version = accept(answer, 'version', [0], 'virsh').stdout;
    const names = (section: string) => new Set(accept(answer, section, [0], 'virsh').stdout.split('\n'));
    const [autostart, persistent] = [names('autostart'), names('persistent')];
    return {
      uri,
      running: true,
      version: /^Using library: libvirt (\S+)/m.exec(version)?.[1] ?? '',
      qemu: /^Running hypervisor: QEMU (\S+)/m.exec(version)?.[1] ?? '',
      domains: parseStats(accept(answer, 'stats', [0], 'virsh domstats').stdout).map(({ name, fields }) => {
        const state = Number(fields.get('state.state') ?? 0);
        return {
          name,
          state: states[state] ?? 'nostate',
          active: state >= 1 && state !== 5 && state !== 6,
          autostart: autostart.has(name),
          persistent: persistent.has(name),
          vcpus: Number(fields.get('vcpu.current') ?? 0),
          max_vcpus: Number(fields.get('vcpu.maximum') ?? 0),
          memory: Number(fields.get('balloon.maximum') ?? 0) * 1024,
          disks: readDisks(fields),
        };
      }),
    };
  },
});

interface Stats {
  readonly name: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** `Domain: 'vm1'` and below it `  state.state=1`. */
function parseStats(stats: string): Stats[] {
  return stats
    .split(/^Domain: '/m)
    .slice(1)
    .map(part => {
      const [head = '', ...lines] = part.split('\n');
      const pairs = lines.flatMap(line => {
        const at = line.indexOf('=');
        return at < 0 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1)] as const];
      });
      return { name: head.replace(/'$/, ''), fields: new Map(pairs) };
    });
}

function readDisks(fields: ReadonlyMap<string, string>): { target: string; source: string }[] {
  const count = Number(fields.get('block.count') ?? 0);
  return Array.from({ length: count }, (_, at) => ({
    target: fields.get(`block.${at}.name`) ?? '',
    source: fields.get(`block.${at}.path`) ?? '',
  }));
}
