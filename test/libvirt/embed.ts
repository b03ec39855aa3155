import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sh } from '../../src/shell/quote.ts';
import { type Place, wayTo } from '../kvm/converge.ts';
import { runText } from '../live-shell.ts';

/**
 * Real libvirt and QEMU in a directory: no daemon, no machine. What scripts keep below /run and
 * /var/lib is in the directory, too.
 */
export interface Embed {
  readonly directory: string;
  /** Where definitions are kept before they change, by domain. */
  readonly backups: string;
  readonly uri: string;
  readonly place: Place;
  /** Runs `virsh` and returns what it printed. */
  readonly virsh: (...args: readonly string[]) => string;
}

/** Domains that look like those of real hosts, one to a file. */
export const folder = join(import.meta.dirname, 'domains');

const tools = ['virsh', 'qemu-system-x86_64', 'unshare'];

/** Why libvirt cannot be embedded here; undefined when it can. */
function whyNoEmbed(): string | undefined {
  const missing = tools.filter(tool => spawnSync('which', [tool]).status !== 0);
  if (missing.length > 0) return `needs ${missing.join(', ')}`;
  if (process.getuid?.() !== 0) return 'needs root';
  if (spawnSync('getent', ['passwd', 'libvirt-qemu']).status === 0) return undefined;
  // libvirt's QEMU driver does not start without its user; the package libvirt-daemon-system would
  // make it.
  const made = spawnSync('useradd', ['-r', '-s', '/usr/sbin/nologin', '-d', '/nonexistent', 'libvirt-qemu']);
  return made.status === 0 ? undefined : 'needs the user libvirt-qemu';
}

/**
 * A libvirt for the suite that calls it, with these domains of the folder `domains/`; it is gone
 * afterwards. Where there can be none the suite is skipped, by CI failed.
 */
export function embedded(domains: readonly string[] = []): Embed {
  let made: Embed | undefined;
  before(function () {
    const why = whyNoEmbed();
    if (why && process.env.CI) throw new Error(why);
    if (why) return this.skip();
    made = makeEmbed();
    if (domains.length > 0) defineAll(made, domains);
    return undefined;
  });
  after(() => {
    if (made) rmSync(made.directory, { recursive: true });
  });
  return {
    get directory() {
      return made!.directory;
    },
    get backups() {
      return made!.backups;
    },
    get uri() {
      return made!.uri;
    },
    get place() {
      return made!.place;
    },
    virsh: (...args) => made!.virsh(...args),
  };
}

/**
 * One virsh for all, as most of its time is its start; where it fails each for itself, to see
 * which.
 */
function defineAll({ virsh }: Embed, domains: readonly string[]): void {
  const defines = domains.map(name => `define ${join(folder, `${name}.xml`)} --validate`);
  const defined = virsh([...defines, 'list --all --name'].join('; '))
    .trim()
    .split('\n');
  if (defined.length === domains.length) return;
  for (const name of domains) virsh('define', join(folder, `${name}.xml`), '--validate');
}

function makeEmbed(): Embed {
  const directory = mkdtempSync(join(tmpdir(), 'hostwright-libvirt-'));
  for (const name of ['etc', 'own-run', 'own-lib']) mkdirSync(join(directory, name));
  writeFileSync(join(directory, 'etc/qemu.conf'), 'user="root"\nsecurity_driver="none"\n');
  const uri = `qemu:///embed?root=${directory}`;
  const mounts = 'mount --bind "$0/own-run" /run && mount --bind "$0/own-lib" /var/lib';
  // A process of its own as PID 1 reaps the probes of QEMU; elsewhere each would wait for 15 s as a
  // zombie.
  const reaper = ['unshare', '-m', '-p', '-f', '--kill-child', 'sh', '-c', `${mounts} && { "$@"; exit $?; }`];
  const before = [...reaper, directory];
  const place: Place = { before };
  function virsh(...args: readonly string[]): string {
    return runText(wayTo(place), sh`virsh -q -c ${uri} ${args}`.text);
  }
  return { directory, backups: join(directory, 'own-lib/hostwright/backup'), uri, place, virsh };
}
