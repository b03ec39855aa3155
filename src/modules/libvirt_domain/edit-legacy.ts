import { attribute, child, children, type Element, remove, removeIfEmpty } from '../../host/libvirt/xml.ts';

/**
 * `-set device.virtio-disk0.x-data-plane=on` and what was set with it in 2013. QEMU has none of
 * them any more, so the guest does not start; `<iothreads>` took their place.
 */
const dead = /^device[.][^.]+[.](x-data-plane|scsi|config-wce)=/;

/** Takes dead data-plane arguments out of `<qemu:commandline>`; everything else in there stays. */
export function removeLegacyDataplane(domain: Element): void {
  const line = child(domain, 'qemu:commandline');
  if (!line) return;
  const args = children(line, 'qemu:arg');
  for (const [at, arg] of args.entries()) {
    const next = args[at + 1];
    if (attribute(arg, 'value') === '-set' && next && dead.test(attribute(next, 'value') ?? '')) {
      remove(next);
      remove(arg);
    }
  }
  removeIfEmpty(line);
}
