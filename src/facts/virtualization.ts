import { all, look, map, own, printed } from '../shell/look.ts';
import { raw } from '../shell/quote.ts';
import { defineFacts } from './fact.ts';
import { record, text } from './schema.ts';

/**
 * Hypervisors by what the firmware says of the vendor and the product (as systemd-detect-virt(1)
 * has them).
 */
const vendors: readonly (readonly [RegExp, string])[] = [
  [/\bKVM\b|OpenStack|KubeVirt|Amazon EC2|Google Compute/i, 'kvm'],
  [/QEMU/, 'qemu'],
  [/VMware|VMW/, 'vmware'],
  [/innotek|VirtualBox/, 'oracle'],
  [/\bXen\b/, 'xen'],
  [/Microsoft Corporation Virtual Machine/, 'microsoft'],
  [/Parallels/, 'parallels'],
];

export const virtualization = defineFacts({
  name: 'virtualization',
  summary: 'Whether the host is a guest or container, and can run guests.',
  schema: record({
    role: text('guest (also a container), host (KVM works), or none.'),
    type: text('kvm, qemu, vmware, microsoft, lxc, docker, …; empty where the role is none.'),
  }),
  look: map(
    all({
      // It leaves with 1 where it says "none", and is not everywhere.
      detect: look({ [own]: raw('systemd-detect-virt') }, answer => answer[own]?.stdout.trim() ?? ''),
      firmware: printed(
        'sh',
        raw(
          `for file in sys_vendor product_name; do
  { read -r line <"/sys/class/dmi/id/$file"; } 2>/dev/null && printf '%s ' "$line"
done; :`,
        ),
      ),
      kvm: printed('sh', raw('[ ! -e /dev/kvm ] || echo kvm')),
    }),
    ({ detect, firmware, kvm }) => {
      const type = detected(detect, firmware);
      if (type !== '') return { role: 'guest', type };
      return kvm === '' ? { role: 'none', type: '' } : { role: 'host', type: 'kvm' };
    },
  ),
});

/** What the host runs in; where systemd cannot say, as the firmware has it. */
function detected(said: string, firmware: string): string {
  if (said !== '') return said === 'none' ? '' : said;
  return vendors.find(([pattern]) => pattern.test(firmware))?.[1] ?? '';
}
