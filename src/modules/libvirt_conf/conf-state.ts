import { textFile } from '../../host/lines/text.ts';
import { all, ask, map, type Seen } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { daemonOf } from './daemon.ts';
import { jobsOfDaemon } from './jobs.ts';
import type { Args } from './schema.ts';

const lenses = { 'qemu.conf': 'libvirtd_qemu', 'libvirtd.conf': 'libvirtd', 'virtqemud.conf': 'virtqemud' } as const;

export type ConfState = Seen<ReturnType<typeof confState>>;

/** The file, the settings that this libvirt knows, the daemon, and what a restart could break. */
export function confState({ file, restart, uri }: Args) {
  const path = `/etc/libvirt/${file}`;
  return all({
    file: textFile(path, { follow: true }),
    lens: lens(file),
    daemon: daemonOf(path),
    jobs: restart ? jobsOfDaemon(uri) : undefined,
  });
}

/** The lens, which names the settings that this libvirt knows; undefined where it is not there. */
function lens(file: Args['file']) {
  const text = sh`f=${lensPath(file)}; [ -e "$f" ] || exit 3; cat "$f"`;
  return map(ask('cat', text, [0, 3]), ({ code, stdout }) => (code === 3 ? undefined : stdout));
}

/** The list of the settings of a file, as Augeas has it. */
export function lensPath(file: Args['file']): string {
  return `/usr/share/augeas/lenses/${lenses[file]}.aug`;
}
