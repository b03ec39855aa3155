import { answered, hasVirsh, systemUri, virshReadOnly as virsh } from '../host/libvirt/read-only.ts';
import { versionsIn } from '../host/libvirt/versions.ts';
import { all, type Look, later, map, printed } from '../shell/look.ts';
import { raw, sh } from '../shell/quote.ts';
import { defineFacts } from './fact.ts';
import { flag, integer, list, record, text } from './schema.ts';

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
  look: map(
    all({
      client: hasVirsh(raw('; virsh --version')),
      version: later(answered(sh`${virsh} version`)),
      stats: later(printed('virsh domstats', sh`${virsh} domstats --state --vcpu --balloon --block`)),
      autostart: later(names('--autostart')),
      persistent: later(names('--persistent')),
    }),
    ({ client, version, ...seen }) => {
      if (!client) return null;
      const versions = version();
      if (versions === undefined) return { uri: systemUri, running: false, version: '', qemu: '', domains: [] };
      const { libvirt = '', qemu = '' } = versionsIn(versions);
      const [autostart, persistent] = [seen.autostart(), seen.persistent()];
      const domains = parseStats(seen.stats()).map(({ name, fields }) => ({
        name,
        ...domainIn(fields),
        autostart: autostart.has(name),
        persistent: persistent.has(name),
      }));
      return { uri: systemUri, running: true, version: libvirt, qemu, domains };
    },
  ),
});

/** The names of the domains of which this holds. */
function names(which: string): Look<ReadonlySet<string>> {
  return map(printed('virsh', sh`${virsh} list --all ${which} --name`), text => new Set(text.split('\n')));
}

function domainIn(fields: Stats['fields']) {
  const state = Number(fields.get('state.state') ?? 0);
  return {
    state: states[state] ?? 'nostate',
    active: state >= 1 && state !== 5 && state !== 6,
    vcpus: Number(fields.get('vcpu.current') ?? 0),
    max_vcpus: Number(fields.get('vcpu.maximum') ?? 0),
    memory: Number(fields.get('balloon.maximum') ?? 0) * 1024,
    disks: readDisks(fields),
  };
}

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
