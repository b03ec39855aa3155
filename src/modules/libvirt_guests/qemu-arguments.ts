/** What of QEMU's command line decides about a guest's I/O. */
export interface QemuArguments {
  readonly cpu: string;
  readonly iothreads: readonly string[];
  /** Of each object that is memory: its kind, size in bytes, and the nodes it is bound to. */
  readonly memory: readonly { readonly kind: string; readonly size: number; readonly nodes: string }[];
  /** By the path of a file or device. */
  readonly disks: Readonly<Record<string, QemuDisk>>;
}

/** A disk as QEMU was told to open and to show it. */
export interface QemuDisk {
  readonly device: string;
  readonly aio: string;
  /** Whether the host's page cache is passed by (O_DIRECT). */
  readonly direct: boolean;
  /** Whether flushes of the guest are dropped. */
  readonly no_flush: boolean;
  readonly queues: number | null;
  readonly iothreads: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Words of what `virsh domxml-to-native` prints: one line for a shell, in single quotes, with `\`
 * before each newline.
 */
export function splitNative(text: string): readonly string[] {
  const words = text.matchAll(/(?:'[^']*'|\\[^\n]|[^\s'\\])+/g);
  return [...words].map(([word]) => word.replace(/'([^']*)'|\\(.)/g, (_, quoted, single) => quoted ?? single));
}

/**
 * Reads the words of a QEMU's command line; options that are not in JSON, as before libvirt 7, are
 * passed over.
 */
export function readQemuArguments(words: readonly string[]): QemuArguments {
  const of = (option: string) => words.filter((_, at) => words[at - 1] === option);
  const objects = of('-object').flatMap(json);
  const nodes = new Map(
    of('-blockdev')
      .flatMap(json)
      .map(node => [String(node['node-name']), node]),
  );
  const devices = of('-device').flatMap(json);
  return {
    cpu: of('-cpu')[0] ?? '',
    iothreads: objects.filter(object => object['qom-type'] === 'iothread').map(object => String(object.id)),
    memory: objects
      .filter(object => String(object['qom-type']).startsWith('memory-backend-'))
      .map(object => ({
        kind: String(object['qom-type']).slice('memory-backend-'.length),
        size: Number(object.size),
        nodes: Array.isArray(object['host-nodes']) ? object['host-nodes'].join() : '',
      })),
    disks: Object.fromEntries(devices.flatMap(device => readDisk(device, nodes))),
  };
}

function readDisk(device: Json, nodes: ReadonlyMap<string, Json>): readonly (readonly [string, QemuDisk])[] {
  const file = fileOf(String(device.drive ?? ''), nodes);
  if (!file) return [];
  const cache = (file.cache ?? {}) as Json;
  const mapping = device['iothread-vq-mapping'];
  const several = Array.isArray(mapping) ? mapping.map(row => String((row as Json).iothread)) : [];
  const disk = {
    device: String(device.driver),
    aio: String(file.aio ?? 'threads'),
    direct: cache.direct === true,
    no_flush: cache['no-flush'] === true,
    queues: typeof device['num-queues'] === 'number' ? device['num-queues'] : null,
    iothreads: device.iothread === undefined ? several : [String(device.iothread)],
  };
  return [[String(file.filename), disk]];
}

/** The node that opens a file, below those of formats and filters. */
function fileOf(name: string, nodes: ReadonlyMap<string, Json>): Json | undefined {
  const node = nodes.get(name);
  if (!node || typeof node.filename === 'string') return node;
  return typeof node.file === 'string' && node.file !== name ? fileOf(node.file, nodes) : undefined;
}

function json(word: string): readonly Json[] {
  if (!word.startsWith('{')) return [];
  try {
    return [JSON.parse(word) as Json];
  } catch {
    return [];
  }
}
