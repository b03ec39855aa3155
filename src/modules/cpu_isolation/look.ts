import { commandLine } from '../../host/boot/command-line.ts';
import { cpusIn } from '../../host/cpu/cpus-in.ts';
import { domains } from '../../host/libvirt/all-domains.ts';
import { all, map, printed, type Seen } from '../../shell/look.ts';
import { raw, sh } from '../../shell/quote.ts';
import type { Args } from './schema.ts';

const managerFiles = raw(
  ['/etc', '/run', '/usr/local/lib', '/usr/lib']
    .flatMap(folder => [`${folder}/systemd/system.conf`, `${folder}/systemd/system.conf.d/*.conf`])
    .join(' '),
);

/** What is seen of a host whose CPUs may be set apart. */
export type HostCpus = Seen<ReturnType<typeof hostCpus>>;

/** The CPUs, who else sets some apart, and for `isolcpus` the guests. */
export function hostCpus({ method, uri }: Pick<Args, 'method' | 'uri'>) {
  return all({
    present: cpusIn('/sys/devices/system/cpu/present'),
    online: cpusIn('/sys/devices/system/cpu/online'),
    live: commandLine,
    affinity,
    // Parameters that tuned gives to the boot loader.
    tuned: printed('cat', raw('[ -e /etc/tuned/bootcmdline ] || exit 3; cat /etc/tuned/bootcmdline'), [0, 3]),
    guests: method === 'isolcpus' ? domains(uri, 'every document') : undefined,
  });
}

/** `FILE: CPUAffinity=LIST` of systemd's manager. */
const affinity = map(
  // 2 says that one of the folders is not there; a line without a value takes values away.
  printed('grep', sh`grep -sHE '^[[:space:]]*CPUAffinity=' ${managerFiles}`, [0, 1, 2]),
  text => text.split('\n').filter(line => /=\s*\S/.test(line)),
);
