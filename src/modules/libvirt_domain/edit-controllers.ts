import type { ControllerArgs } from '../../host/domain/args.ts';
import { mapThreads } from '../../host/domain/edit-mapping.ts';
import { scsiControllers } from '../../host/libvirt/domain-element.ts';
import { type Element, ensureChild, setAttribute } from '../../host/libvirt/xml.ts';
import { addScsiController } from './edit-bus.ts';

/** Sets what is given of the virtio-scsi controllers; one that is not there is made. */
export function editScsiControllers(domain: Element, wanted: Readonly<Record<string, ControllerArgs>>): void {
  const present = scsiControllers(domain);
  for (const [index, { queues, iothread, iothreads }] of Object.entries(wanted)) {
    const controller = present.get(index) ?? addScsiController(domain, index);
    if (queues === undefined && iothread === undefined && iothreads === undefined) continue;
    const driver = ensureChild(controller, 'driver', []);
    if (queues !== undefined) setAttribute(driver, 'queues', String(queues));
    mapThreads(driver, { iothread, iothreads });
  }
}
